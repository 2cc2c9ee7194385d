#pragma once
// The bytes of a network file.

#include "host/base/files.h"

namespace edgesmith::convert {

/// Throws Error: "model.size" for a file that is larger than any network for a microcontroller, before reading it;
/// "file.unreadable".
Bytes read_model_file(const fs::path& path);

}  // namespace edgesmith::convert
