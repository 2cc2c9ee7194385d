#include "host/convert/model_file.h"

#include "host/base/error.h"

namespace edgesmith::convert {
namespace {

constexpr std::uintmax_t kMaxBytes = std::uintmax_t{256} << 20;  // no microcontroller holds a fraction of it

}  // namespace

Bytes read_model_file(const fs::path& path) {
  std::error_code unreadable;
  const std::uintmax_t size = fs::file_size(path, unreadable);
  if (unreadable || size <= kMaxBytes) return read_bytes(path);
  throw Error({.code = "model.size",
               .what = "the file is larger than any network for a microcontroller",
               .where = path.filename().string(),
               .expected = "at most " + std::to_string(kMaxBytes) + " bytes",
               .found = std::to_string(size),
               .try_this = "give a smaller network"});
}

}  // namespace edgesmith::convert
