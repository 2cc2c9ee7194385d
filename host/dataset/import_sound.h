#pragma once
// One sound file -> a recording.

#include <string>

#include "host/dataset/import_csv.h"

namespace edgesmith::dataset {

/// WAV, FLAC or OGG. Channels are "audio", or "ch1", "ch2" ...; they are chosen by number. 16-bit samples stay counts
/// when options.counts, else become -1..1. `file` is for messages. Throws Error naming it.
FileImport import_sound(const std::string& content, const std::string& file, const ImportOptions& options);

}  // namespace edgesmith::dataset
