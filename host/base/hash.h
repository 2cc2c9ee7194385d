#pragma once
// SHA-256 of bytes and files, as 64 lower-case hex digits.

#include <filesystem>
#include <string>
#include <string_view>

namespace edgesmith {

std::string sha256(std::string_view bytes);
std::string sha256_file(const std::filesystem::path& path);

/// Hash of several parts that cannot run together: each is preceded by its length.
class HashBuilder {
 public:
  HashBuilder& add(std::string_view part);
  std::string hex() const;

 private:
  std::string content_;
};

}  // namespace edgesmith
