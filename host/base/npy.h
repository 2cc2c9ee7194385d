#pragma once
// NumPy .npy files: C order, little-endian, float32 / int8 / uint8 / int16 / int32.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace edgesmith {

struct NpyArray {
  std::string dtype;  // "f4", "i1", "u1", "i2", "i4"
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> bytes;  // little-endian, C order
};

/// Throws Error with what the header says that is not taken. Input is untrusted.
NpyArray read_npy(const std::filesystem::path& path);
void write_npy(const std::filesystem::path& path, const NpyArray& array);

}  // namespace edgesmith
