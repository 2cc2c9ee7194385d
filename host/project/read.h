#pragma once
// From text to a Draft: syntax, names, types and ranges, each key by its row in the table. Everything that concerns
// several keys at once is check.h.

#include <string_view>

#include "host/project/keys.h"

namespace edgesmith {

/// Broken TOML is the only problem reported then.
Draft read_draft(std::string_view toml, Problems& problems);

}  // namespace edgesmith
