#pragma once
// Reading and writing whole files. Files appear whole or not at all: written beside, synced, then renamed.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace edgesmith {

namespace fs = std::filesystem;
using Bytes = std::vector<std::uint8_t>;

/// Throws Error (request, "file.unreadable") that names the path and the system's reason.
std::string read_text(const fs::path& path);
Bytes read_bytes(const fs::path& path);

/// Creates parent folders. Throws Error (request, "file.unwritable").
void write_text(const fs::path& path, std::string_view text);
void write_bytes(const fs::path& path, const void* data, std::size_t size_bytes);

/// Regular files below `folder`, sorted by path, so that no result depends on the file system's order.
std::vector<fs::path> files_below(const fs::path& folder);

/// Replaces folder `to` by the finished folder `from` (same file system), so that `to` is never half there.
void replace_folder(const fs::path& from, const fs::path& to);

}  // namespace edgesmith
