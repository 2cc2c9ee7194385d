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

/// Many files that appear below one folder, at the price of one sync instead of one each. Until commit() they lie in a
/// hidden folder, which the next batch removes when its command was killed.
class FileBatch {
 public:
  explicit FileBatch(fs::path folder);
  ~FileBatch();  // drops what was not committed
  FileBatch(const FileBatch&) = delete;
  FileBatch& operator=(const FileBatch&) = delete;
  /// `path` lies below the folder. Throws Error (request, "file.unwritable").
  void add(const fs::path& path, std::string_view content);
  /// Makes everything durable, then renames in the order of add(): each file is whole or absent at any moment.
  void commit();

 private:
  void sync() const;

  fs::path folder_, hidden_;
  std::vector<fs::path> paths_;
};

/// Regular files below `folder`, sorted by path, so that no result depends on the file system's order.
std::vector<fs::path> files_below(const fs::path& folder);

/// Replaces folder `to` by the finished folder `from` (same file system), so that `to` is never half there.
void replace_folder(const fs::path& from, const fs::path& to);

}  // namespace edgesmith
