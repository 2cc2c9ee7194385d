#pragma once
// Bounds-checked reader of a plan file's frame: header, checksum, section table. What the sections mean is
// runtime/plan_file's business. Input is untrusted; every offset is checked.

#include "device/base/span.h"
#include "device/base/status.h"
#include "device/plan/format.h"

namespace edgesmith {
namespace plan {

class Reader {
 public:
  /// `bytes` must be aligned to 16 and stay where they are. Answers plan_truncated, plan_magic, plan_version,
  /// plan_checksum or plan_malformed.
  Status open(Span<const uint8_t> bytes);

  const FileHeader& header() const {
    return *reinterpret_cast<const FileHeader*>(bytes_.data);
  }
  Span<const uint8_t> section(Section id) const;

  /// The section as an array of T; false when its size is no multiple of sizeof(T).
  template <typename T>
  bool array(Section id, Span<const T>& items) const {
    const Span<const uint8_t> raw = section(id);
    items = Span<const T>{reinterpret_cast<const T*>(raw.data), raw.size() / sizeof(T)};
    return raw.size() % sizeof(T) == 0;
  }

  /// The section as one T; nullptr when it has another size.
  template <typename T>
  const T* record(Section id) const {
    return section(id).size() == sizeof(T) ? reinterpret_cast<const T*>(section(id).data) : nullptr;
  }

 private:
  Span<const uint8_t> bytes_;
};

}  // namespace plan
}  // namespace edgesmith
