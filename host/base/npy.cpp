// Input is untrusted; every length is checked against the file's size before it is used.
//
//   6 bytes  \x93NUMPY
//   2 bytes  version: 1.0 (2-byte header length), 2.0 and 3.0 (4-byte header length)
//   header   a Python dict: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, padded with spaces to 64 bytes
//   data     C order
#include "host/base/npy.h"

#include <array>
#include <charconv>
#include <string_view>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith {
namespace {

constexpr std::array<std::string_view, 5> kDtypes = {"f4", "i1", "u1", "i2", "i4"};

[[noreturn]] void refuse(const fs::path& path, const std::string& what, const std::string& expected,
                         const std::string& found) {
  throw Error{{.code = "npy.refused",
               .what = what,
               .where = path.string(),
               .expected = expected,
               .found = found,
               .try_this = "save it again: np.save(path, np.ascontiguousarray(x, dtype=np.float32))"}};
}

/// The text between `'key':` and the comma or bracket that ends the value; empty when the key is missing.
std::string_view value_of(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "'";
  std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return {};
  at = header.find(':', at);
  if (at == std::string_view::npos) return {};
  at = header.find_first_not_of(' ', at + 1);
  if (at == std::string_view::npos) return {};
  const std::size_t end = header[at] == '(' ? header.find(')', at) : header.find_first_of(",}", at);
  return end == std::string_view::npos ? std::string_view{} : header.substr(at, end - at);
}

std::string dtype_of(const fs::path& path, std::string_view descr) {
  // '<f4': quote, byte order, kind and width, quote
  const std::string found(descr);
  if (descr.size() == 5 && (descr[1] == '<' || descr[1] == '|')) {
    for (const std::string_view dtype : kDtypes)
      if (descr.substr(2, 2) == dtype) return std::string(dtype);
  }
  refuse(path, "this array's dtype is not taken", "float32, int8, uint8, int16 or int32, little-endian", found);
}

std::vector<std::int64_t> shape_of(const fs::path& path, std::string_view text) {
  if (text.empty() || text[0] != '(') refuse(path, "the header has no shape", "a tuple", std::string(text));
  std::vector<std::int64_t> shape;
  std::size_t at = 1;
  while ((at = text.find_first_not_of(", ", at)) != std::string_view::npos) {
    std::int64_t extent = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), extent);
    if (error != std::errc() || extent < 0) refuse(path, "the header's shape is broken", "(2, 3)", std::string(text));
    shape.push_back(extent);
    at = static_cast<std::size_t>(end - text.data());
  }
  return shape;
}

std::size_t width_bytes(const std::string& dtype) {
  return static_cast<std::size_t>(dtype[1] - '0');
}

/// Bytes that shape and dtype ask for; more than `limit` is told as limit + 1, so that nothing overflows.
std::size_t data_bytes(const NpyArray& array, std::size_t limit) {
  std::size_t bytes = width_bytes(array.dtype);
  for (const std::int64_t extent : array.shape)
    if (extent == 0) return 0;
  for (const std::int64_t extent : array.shape) {
    if (static_cast<std::uint64_t>(extent) > limit / bytes) return limit + 1;
    bytes *= static_cast<std::size_t>(extent);
  }
  return bytes;
}

std::string header_text(const NpyArray& array) {
  std::string shape = "(";
  for (const std::int64_t extent : array.shape)
    shape += std::to_string(extent) + ", ";
  if (array.shape.size() > 1) shape.resize(shape.size() - 2);
  if (array.shape.size() == 1) shape.resize(shape.size() - 1);
  const std::string order = width_bytes(array.dtype) == 1 ? "|" : "<";
  return "{'descr': '" + order + array.dtype + "', 'fortran_order': False, 'shape': " + shape + "), }";
}

}  // namespace

NpyArray read_npy(const fs::path& path) {
  const std::string file = read_text(path);
  if (file.size() < 12 || file.compare(0, 6, "\x93NUMPY") != 0)
    refuse(path, "this is not a .npy file", "it to begin with \\x93NUMPY", "other bytes");
  const auto byte = [&file](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(file[i])); };
  const bool long_header = byte(6) >= 2;
  const std::size_t start = long_header ? 12 : 10;
  std::size_t length_bytes = byte(8) | byte(9) << 8;
  if (long_header) length_bytes |= byte(10) << 16 | byte(11) << 24;
  if (length_bytes > file.size() - start)
    refuse(path, "the header is cut off", std::to_string(length_bytes) + " bytes", std::to_string(file.size() - start));

  const std::string_view header = std::string_view(file).substr(start, length_bytes);
  NpyArray array;
  array.dtype = dtype_of(path, value_of(header, "descr"));
  array.shape = shape_of(path, value_of(header, "shape"));
  if (value_of(header, "fortran_order") != "False" && array.shape.size() > 1)
    refuse(path, "the array lies in Fortran order", "C order",
           "fortran_order " + std::string(value_of(header, "fortran_order")));
  const std::size_t have = file.size() - start - length_bytes;
  if (data_bytes(array, have) != have)
    refuse(path, "the data does not fill the shape", "shape " + std::string(value_of(header, "shape")),
           std::to_string(have) + " bytes");
  array.bytes.assign(file.end() - static_cast<std::ptrdiff_t>(have), file.end());
  return array;
}

void write_npy(const fs::path& path, const NpyArray& array) {
  std::string header = header_text(array);
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';
  std::string file("\x93NUMPY\x01\x00", 8);
  file += static_cast<char>(header.size() & 255);
  file += static_cast<char>(header.size() >> 8);
  file += header;
  file.append(array.bytes.begin(), array.bytes.end());
  write_text(path, file);
}

}  // namespace edgesmith
