#include "host/base/hash.h"

#include <mbedtls/sha256.h>

#include <cstdint>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith {

std::string sha256(std::string_view bytes) {
  unsigned char digest[32];
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  if (mbedtls_sha256_ret(data, bytes.size(), digest, 0) != 0)
    throw Error(ErrorKind::defect, {.code = "hash.failed", .what = "SHA-256 could not be computed"});
  constexpr char kHex[] = "0123456789abcdef";
  std::string hex;
  for (const unsigned char byte : digest) {
    hex += kHex[byte >> 4];
    hex += kHex[byte & 15];
  }
  return hex;
}

std::string sha256_file(const std::filesystem::path& path) {
  return sha256(read_text(path));
}

HashBuilder& HashBuilder::add(std::string_view part) {
  std::uint64_t length_bytes = part.size();
  for (int i = 0; i < 8; ++i, length_bytes >>= 8)
    content_ += static_cast<char>(length_bytes & 255);
  content_ += part;
  return *this;
}

std::string HashBuilder::hex() const {
  return sha256(content_);
}

}  // namespace edgesmith
