// The plan file's sections and frame.

#include <cstring>

#include "device/base/crc32.h"
#include "host/plan/compiled_plan.h"

namespace edgesmith {
namespace {

using Bytes = std::vector<std::uint8_t>;

template <typename T>
void append(Bytes& bytes, const T* items, std::size_t count) {
  const auto* from = reinterpret_cast<const std::uint8_t*>(items);
  bytes.insert(bytes.end(), from, from + count * sizeof(T));
}

template <typename T>
Bytes bytes_of(const std::vector<T>& items) {
  Bytes bytes;
  append(bytes, items.data(), items.size());
  return bytes;
}

template <typename T>
Bytes bytes_of(const std::vector<T>& first, const std::vector<T>& second) {
  Bytes bytes = bytes_of(first);
  append(bytes, second.data(), second.size());
  return bytes;
}

template <typename T>
Bytes record_bytes(const T& record) {
  Bytes bytes;
  append(bytes, &record, 1);
  return bytes;
}

template <std::size_t N>
void copy_text(char (&to)[N], const std::string& from) {
  std::memcpy(to, from.data(), std::min(from.size(), N - 1));
}

plan::InfoRecord info_record(const CompiledPlan& plan) {
  plan::InfoRecord record = {};
  std::memcpy(record.model_hash, plan.model_hash.data(), 32);
  std::memcpy(record.preprocess_id, plan.preprocess_id.data(), 32);
  std::memcpy(record.decision_hash, plan.decision_hash.data(), 32);
  std::memcpy(record.labels_hash, plan.labels_hash.data(), 32);
  record.min_runtime = plan::kInterfaceVersion;
  record.operator_set = plan::kOperatorSet;
  record.rounding = static_cast<std::uint32_t>(plan.network.rounding);
  copy_text(record.name, plan.name);
  copy_text(record.version, plan.version);
  return record;
}

Bytes label_bytes(const std::vector<std::string>& labels) {
  Bytes bytes;
  for (const std::string& label : labels)
    append(bytes, label.c_str(), label.size() + 1);
  return bytes;
}

std::vector<plan::TensorRecord> tensor_records(const NetworkPlan& network) {
  std::vector<plan::TensorRecord> records;
  for (const auto* ends : {&network.inputs, &network.outputs}) {
    for (const NetworkEnd& end : *ends)
      records.push_back(end.record);
  }
  return records;
}

std::vector<std::uint32_t> end_offsets(const NetworkPlan& network) {
  std::vector<std::uint32_t> offsets;
  for (const auto* ends : {&network.inputs, &network.outputs}) {
    for (const NetworkEnd& end : *ends)
      offsets.push_back(end.offset);
  }
  return offsets;
}

plan::TargetRecord target_record(const NetworkPlan& network) {
  return {network.kernels->id, network.kernels->layout_version, network.arena_bytes, 0};
}

void pad(Bytes& bytes) {
  while (bytes.size() % plan::kSectionAlignment != 0)
    bytes.push_back(0);
}

}  // namespace

std::vector<std::uint8_t> section_bytes(const CompiledPlan& plan, plan::Section section) {
  switch (section) {
    case plan::kInfo:
      return record_bytes(info_record(plan));
    case plan::kRoad:
      return plan.bare() ? Bytes() : record_bytes(plan.road.record);
    case plan::kConditioning:
      return bytes_of(plan.road.conditioning);
    case plan::kSignals:
      return bytes_of(plan.road.signals);
    case plan::kNormalize:
      return bytes_of(plan.road.offset, plan.road.gain);
    case plan::kRanges:
      return bytes_of(plan.road.ranges);
    case plan::kRules:
      return plan.bare() ? Bytes() : record_bytes(plan.rules);
    case plan::kClassRules:
      return bytes_of(plan.class_rules);
    case plan::kLabels:
      return label_bytes(plan.labels);
    case plan::kTensors:
      return bytes_of(tensor_records(plan.network));
    case plan::kOps:
      return bytes_of(plan.network.ops);
    case plan::kSelfTest:
      return record_bytes(plan.self_test);
    case plan::kSelfTestRoad:
      return bytes_of(plan.self_test_center, plan.self_test_spread);
    case plan::kSelfTestOutput:
      return bytes_of(plan.self_test_output);
    case plan::kTarget:
      return record_bytes(target_record(plan.network));
    case plan::kEnds:
      return bytes_of(end_offsets(plan.network));
    case plan::kPlaces:
      return bytes_of(plan.network.places);
    case plan::kWeights:
      return plan.network.constants;
    case plan::kSections:
      break;
  }
  return {};
}

std::vector<std::uint8_t> plan_file_bytes(const CompiledPlan& plan) {
  plan::FileHeader header = {};
  header.magic = plan::kMagic;
  header.format_version = plan::kFormatVersion;
  header.interface_version = plan::kInterfaceVersion;
  std::memcpy(header.plan_id, plan.plan_id.data(), plan.plan_id.size());
  header.section_count = plan::kSections;
  Bytes file(sizeof header);
  for (std::uint32_t s = 0; s < plan::kSections; ++s) {
    pad(file);
    const Bytes bytes = section_bytes(plan, static_cast<plan::Section>(s));
    header.sections[s] = {static_cast<std::uint32_t>(file.size()), static_cast<std::uint32_t>(bytes.size())};
    append(file, bytes.data(), bytes.size());
  }
  pad(file);
  header.file_bytes = static_cast<std::uint32_t>(file.size());
  std::memcpy(file.data(), &header, sizeof header);
  header.crc32 = crc32({file.data() + plan::kCrcFrom, file.size() - plan::kCrcFrom});
  std::memcpy(file.data(), &header, sizeof header);
  return file;
}

}  // namespace edgesmith
