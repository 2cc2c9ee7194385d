// Input is untrusted; every length is checked before it is used.
//
// A tar file is a row of 512-byte blocks: a header (name, size in octal, checksum, type, magic "ustar", prefix), then
// the content padded to whole blocks; two zero blocks end it. Names that do not fit come in a header of their own
// before the file's: type 'L' (GNU, the content is the name) or 'x' (pax, lines "length path=name").
#include "host/dataset/archive.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith::dataset {
namespace {

constexpr std::size_t kBlockBytes = 512;
constexpr std::size_t kMaxUnpackedBytes = std::size_t{2} << 30;

[[noreturn]] void fail(const std::string& file, const std::string& what) {
  throw Error{{.code = "archive.corrupt",
               .what = "the archive is damaged: " + what,
               .where = file,
               .try_this = "download or pack it again"}};
}

/// Text of a header field, up to its first zero byte.
std::string_view field(std::string_view header, std::size_t from, std::size_t length_bytes) {
  const std::string_view bytes = header.substr(from, length_bytes);
  return bytes.substr(0, bytes.find('\0'));
}

std::size_t octal(std::string_view digits, const std::string& file) {
  while (!digits.empty() && digits.front() == ' ')
    digits.remove_prefix(1);
  while (!digits.empty() && digits.back() == ' ')
    digits.remove_suffix(1);
  std::size_t value = 0;
  const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 8);
  if (error != std::errc() || stop != digits.data() + digits.size()) fail(file, "a number in a header is broken");
  return value;
}

/// Sum of the header's bytes, its own field counted as spaces.
std::size_t checksum(std::string_view header) {
  std::size_t sum = 8 * std::size_t{' '};
  for (std::size_t i = 0; i < kBlockBytes; ++i)
    if (i < 148 || i >= 156) sum += static_cast<unsigned char>(header[i]);
  return sum;
}

/// The path that a pax header gives to the next file, or nothing.
std::string pax_path(std::string_view records) {
  std::string path;
  while (!records.empty()) {
    std::size_t length_bytes = 0;
    const auto [stop, error] = std::from_chars(records.data(), records.data() + records.size(), length_bytes);
    const auto digits = static_cast<std::size_t>(stop - records.data());
    if (error != std::errc() || length_bytes > records.size() || length_bytes < digits + 2) break;
    const std::string_view record = records.substr(digits + 1, length_bytes - digits - 2);
    if (record.starts_with("path=")) path = record.substr(5);
    records.remove_prefix(length_bytes);
  }
  return path;
}

struct Member {
  std::string path;
  std::string_view content;
};

class TarReader {
 public:
  TarReader(std::string_view tar, const std::string& file) : rest_(tar), file_(file) {}

  /// The next regular file; false at the end.
  bool next(Member& member) {
    std::string long_path;
    while (rest_.size() >= kBlockBytes) {
      const std::string_view header = rest_.substr(0, kBlockBytes);
      if (header.find_first_not_of('\0') == std::string_view::npos) return false;
      if (octal(field(header, 148, 8), file_) != checksum(header)) fail(file_, "a header's checksum is wrong");
      const std::string_view content = take_content(octal(field(header, 124, 12), file_));
      const char type = header[156];
      if (type == 'L') long_path = content.substr(0, content.find('\0'));
      if (type == 'x') long_path = pax_path(content);
      if (type == 'L' || type == 'x') continue;
      if (type == '0' || type == '\0') {
        member = {long_path.empty() ? path_of(header) : long_path, content};
        return true;
      }
      long_path.clear();  // a folder, a link: nothing to read
    }
    if (!rest_.empty()) fail(file_, "it ends inside a header");
    return false;
  }

 private:
  std::string path_of(std::string_view header) const {
    const bool ustar = header.substr(257, 5) == "ustar";
    const std::string_view prefix = ustar && header[262] == '\0' ? field(header, 345, 155) : std::string_view{};
    return (prefix.empty() ? "" : std::string(prefix) + "/") + std::string(field(header, 0, 100));
  }

  std::string_view take_content(std::size_t size_bytes) {
    rest_.remove_prefix(kBlockBytes);
    if (size_bytes > rest_.size()) fail(file_, "it ends inside a file");
    const std::string_view content = rest_.substr(0, size_bytes);
    const std::size_t padded_bytes = (size_bytes + kBlockBytes - 1) / kBlockBytes * kBlockBytes;
    rest_.remove_prefix(std::min(padded_bytes, rest_.size()));
    return content;
  }

  std::string_view rest_;
  const std::string& file_;
};

bool is_safe(const fs::path& path) {
  if (path.empty() || path.is_absolute()) return false;
  return std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

/// Files of the system, not of the person: .DS_Store, ._a.csv, __MACOSX/...
bool is_hidden(const fs::path& path) {
  return std::any_of(path.begin(), path.end(), [](const fs::path& part) {
    const std::string name = part.string();
    return name == "__MACOSX" || (name.size() > 1 && name[0] == '.' && name != "..");
  });
}

bool is_tar(const std::string& path) {
  return path.ends_with(".tar") || path.ends_with(".tar.gz") || path.ends_with(".tgz");
}

bool is_packed(std::string_view content) {
  return content.starts_with("\x1f\x8b");
}

std::string unpacked(std::string content, const std::string& path) {
  return is_packed(content) ? gunzip(content, path) : content;
}

void visit_tar(const std::string& archive, const std::string& tar, const SourceVisitor& visitor) {
  const fs::path folder = fs::path(archive).parent_path();
  const std::string name = fs::path(archive).filename().string();
  TarReader reader(tar, archive);
  Member member;
  while (reader.next(member)) {
    fs::path inside = fs::path(member.path).lexically_normal();
    if (!is_safe(inside)) {
      visitor.skip(archive, "its member '" + member.path + "' points outside of the archive");
      continue;
    }
    if (!inside.has_parent_path()) inside = name.substr(0, name.find(".t")) / inside;
    const std::string path = (folder / inside).generic_string();
    if (is_hidden(inside) || !visitor.wanted(path)) continue;
    visitor.take(path, unpacked(std::string(member.content), path));
  }
}

void visit_file(const fs::path& file, const std::string& path, const SourceVisitor& visitor) {
  if (is_hidden(path)) return;
  if (is_tar(path)) return visit_tar(path, unpacked(read_text(file), path), visitor);
  if (!visitor.wanted(path)) return;
  if (path.ends_with(".zip")) return visitor.skip(path, "zip archives are not read; unpack it first");
  visitor.take(path, unpacked(read_text(file), path));
}

}  // namespace

std::string gunzip(std::string_view packed, const std::string& file) {
  z_stream stream = {};
  if (inflateInit2(&stream, 15 + 16) != Z_OK)
    throw Error(ErrorKind::defect, {.code = "archive.zlib", .what = "zlib could not be started", .where = file});
  struct End {
    z_stream& stream;
    ~End() {
      inflateEnd(&stream);
    }
  } end{stream};

  std::string content;
  std::size_t taken_bytes = 0;
  int result = Z_OK;
  while (result != Z_STREAM_END || taken_bytes < packed.size()) {
    if (result == Z_STREAM_END) {
      if (!is_packed(packed.substr(taken_bytes))) break;  // padding behind the last member
      inflateReset(&stream);
    }
    char buffer[1 << 16];
    const std::size_t offered = std::min<std::size_t>(packed.size() - taken_bytes, 1u << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken_bytes));
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(buffer);
    stream.avail_out = sizeof buffer;
    result = inflate(&stream, Z_NO_FLUSH);
    taken_bytes += offered - stream.avail_in;
    content.append(buffer, sizeof buffer - stream.avail_out);
    if (result == Z_BUF_ERROR) fail(file, "it is cut off");
    if (result != Z_OK && result != Z_STREAM_END) fail(file, "its gzip data is broken");
    if (content.size() > kMaxUnpackedBytes) fail(file, "it unpacks to more than 2 GB");
  }
  return content;
}

std::string without_gz(const std::string& path) {
  return path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
}

void visit_files(const fs::path& source, const SourceVisitor& visitor) {
  if (!fs::is_directory(source)) return visit_file(source, source.filename().generic_string(), visitor);
  for (const fs::path& file : files_below(source))
    visit_file(file, file.lexically_relative(source).generic_string(), visitor);
}

}  // namespace edgesmith::dataset
