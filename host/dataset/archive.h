#pragma once
// Files of a source as a flat list: of a folder, one file, .gz, .tar and .tar.gz.

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace edgesmith::dataset {

/// Path below the source; members of an archive as if they had been unpacked beside it, a member without a folder into
/// one that is named like the archive. Never absolute, never with "..": other members are skipped.
struct SourceVisitor {
  std::function<bool(const std::string& path)> wanted;
  std::function<void(const std::string& path, std::string content)> take;  // content without .gz
  std::function<void(const std::string& path, const std::string& why)> skip;
};

/// Calls the visitor in the order of paths (members: of the archive). Nothing is ever unpacked to the disk.
/// Throws Error ("archive.corrupt") for a damaged archive. Input is untrusted.
void visit_files(const std::filesystem::path& source, const SourceVisitor& visitor);

/// The content of a gzip file of one or more members. `file` is for messages.
std::string gunzip(std::string_view packed, const std::string& file);

/// "s01/a.csv.gz" -> "s01/a.csv"
std::string without_gz(const std::string& path);

}  // namespace edgesmith::dataset
