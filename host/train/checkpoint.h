#pragma once
// Named float tensors, kept in the safetensors file format, so that other tools can open what was trained.
//
//   8 bytes  length of the header, little-endian
//   header   JSON: {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [from, to]}, ...}, padded with spaces
//   data     float32, little-endian; offsets count from here and leave no gap

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "host/base/files.h"

namespace edgesmith::train {

struct NamedTensor {
  std::string name;
  std::vector<std::int64_t> shape;
  std::vector<float> values;  // C order
};

struct Checkpoint {
  std::vector<NamedTensor> tensors;  // in the order of the data

  /// Error "checkpoint.lacks_tensor" when there is none of that name and shape, or one of its values is not finite.
  const NamedTensor& at(const std::string& name, const std::vector<std::int64_t>& shape) const;
};

Bytes encode_checkpoint(const Checkpoint& checkpoint);

/// Input is untrusted: every length, offset and shape is checked before use. Only float32 is taken. `where` is named
/// in the Error.
Checkpoint decode_checkpoint(const Bytes& bytes, const std::string& where);

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
Checkpoint read_checkpoint(const std::filesystem::path& path);

}  // namespace edgesmith::train
