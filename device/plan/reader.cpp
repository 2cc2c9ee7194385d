#include "device/plan/reader.h"

#include "device/base/crc32.h"

namespace edgesmith {
namespace plan {
namespace {

bool good_entry(const SectionEntry& entry, size_t file_bytes) {
  return entry.offset >= sizeof(FileHeader) && entry.offset % kSectionAlignment == 0 && entry.offset <= file_bytes &&
         entry.bytes <= file_bytes - entry.offset;
}

}  // namespace

Status Reader::open(Span<const uint8_t> bytes) {
  bytes_ = bytes;
  if (reinterpret_cast<uintptr_t>(bytes.data) % kSectionAlignment != 0) return Status::plan_malformed;
  if (bytes.size() < sizeof(FileHeader)) return Status::plan_truncated;
  if (header().magic != kMagic) return Status::plan_magic;
  if (header().format_version != kFormatVersion) return Status::plan_version;
  const uint16_t interface_version = header().interface_version;  // lies before what the checksum covers; none is 0
  if (interface_version == 0 || interface_version > kInterfaceVersion) return Status::plan_version;
  if (header().file_bytes > bytes.size()) return Status::plan_truncated;
  if (header().file_bytes < sizeof(FileHeader) || header().section_count != kSections) return Status::plan_malformed;
  bytes_ = bytes.subspan(0, header().file_bytes);
  if (crc32(bytes_.subspan(kCrcFrom, bytes_.size() - kCrcFrom)) != header().crc32) return Status::plan_checksum;
  for (const SectionEntry& entry : header().sections) {
    if (!good_entry(entry, bytes_.size())) return Status::plan_malformed;
  }
  return Status::ok;
}

Span<const uint8_t> Reader::section(Section id) const {
  const SectionEntry& entry = header().sections[id];
  return bytes_.subspan(entry.offset, entry.bytes);
}

}  // namespace plan
}  // namespace edgesmith
