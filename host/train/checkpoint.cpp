#include "host/train/checkpoint.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/base/error.h"

namespace edgesmith::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kLengthBytes = 8;
constexpr std::size_t kAlignment = 8;  // of the data's first byte

[[noreturn]] void refuse(const std::string& where, const std::string& what, const std::string& expected,
                         const std::string& found) {
  throw Error{{.code = "checkpoint.refused",
               .what = what,
               .where = where,
               .expected = expected,
               .found = found,
               .try_this = "train again"}};
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return Json(shape).dump();
}

std::string header_of(const Checkpoint& checkpoint) {
  Json header = Json::object();
  std::size_t at = 0;
  for (const NamedTensor& tensor : checkpoint.tensors) {
    const std::size_t end = at + tensor.values.size() * sizeof(float);
    header[tensor.name] = {{"dtype", "F32"}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text = header.dump();
  text.resize((text.size() + kAlignment - 1) / kAlignment * kAlignment, ' ');
  return text;
}

/// A list of whole numbers from 0 on; nothing else is taken for one.
std::vector<std::int64_t> counts(const Json& entry, const char* key, const std::string& where) {
  std::vector<std::int64_t> values;
  const auto list = entry.find(key);
  if (list == entry.end() || !list->is_array()) refuse(where, "an entry lacks a list", key, entry.dump());
  for (const Json& value : *list) {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > (std::uint64_t{1} << 48)) {
      refuse(where, "a list holds something else than counts", key, list->dump());
    }
    values.push_back(value.get<std::int64_t>());
  }
  return values;
}

/// Number of elements, or -1 when it exceeds `limit`.
std::int64_t elems_within(const std::vector<std::int64_t>& shape, std::int64_t limit) {
  if (std::find(shape.begin(), shape.end(), 0) != shape.end()) return 0;
  std::int64_t elems = 1;
  for (const std::int64_t extent : shape) {
    if (extent > limit / elems) return -1;
    elems *= extent;
  }
  return elems <= limit ? elems : -1;
}

struct Entry {
  NamedTensor tensor;
  std::int64_t from, to;  // bytes
};

Entry entry_of(const std::string& name, const Json& json, std::int64_t data_bytes, const std::string& where) {
  const std::string place = where + ", tensor '" + name + "'";
  if (!json.is_object() || json.value("dtype", Json()) != "F32") {
    refuse(place, "only float32 tensors are taken", "\"dtype\": \"F32\"", json.dump());
  }
  const std::vector<std::int64_t> offsets = counts(json, "data_offsets", place);
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_bytes) {
    refuse(place, "data lies outside the file", "two offsets up to " + std::to_string(data_bytes), json.dump());
  }
  Entry entry{{name, counts(json, "shape", place), {}}, offsets[0], offsets[1]};
  const std::int64_t bytes = entry.to - entry.from;
  const std::int64_t elems = elems_within(entry.tensor.shape, bytes / 4);
  if (elems < 0 || elems * 4 != bytes) refuse(place, "shape and data do not fit", "4 bytes a value", json.dump());
  return entry;
}

/// In the order of their data; refuses gaps and overlaps.
std::vector<Entry> entries_of(const Json& header, std::int64_t data_bytes, const std::string& where) {
  std::vector<Entry> entries;
  for (const auto& [name, json] : header.items()) {
    if (name != "__metadata__") entries.push_back(entry_of(name, json, data_bytes, where));
  }
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.from < b.from; });
  std::int64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.from != at)
      refuse(where, "tensors overlap or leave a gap", std::to_string(at), std::to_string(entry.from));
    at = entry.to;
  }
  if (at != data_bytes) {
    refuse(where, "the data's length is wrong", std::to_string(at) + " bytes", std::to_string(data_bytes));
  }
  return entries;
}

Json header_json(const Bytes& bytes, std::size_t header_bytes, const std::string& where) {
  const auto from = bytes.begin() + kLengthBytes;
  Json header = Json::parse(from, from + static_cast<std::ptrdiff_t>(header_bytes), nullptr, false);
  if (!header.is_object()) refuse(where, "the header cannot be read", "a JSON object", "other bytes");
  return header;
}

}  // namespace

const NamedTensor& Checkpoint::at(const std::string& name, const std::vector<std::int64_t>& shape) const {
  const auto fits = [&](const NamedTensor& tensor) { return tensor.name == name && tensor.shape == shape; };
  const auto tensor = std::find_if(tensors.begin(), tensors.end(), fits);
  const auto finite = [](float value) { return std::isfinite(value); };
  if (tensor == tensors.end() || !std::all_of(tensor->values.begin(), tensor->values.end(), finite)) {
    throw Error{{.code = "checkpoint.lacks_tensor",
                 .what = "the checkpoint does not belong to this network",
                 .expected = "finite values for '" + name + "' " + shape_text(shape),
                 .try_this = "train again after changing [model], [window] or [features]"}};
  }
  return *tensor;
}

Bytes encode_checkpoint(const Checkpoint& checkpoint) {
  const std::string header = header_of(checkpoint);
  Bytes bytes;
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    bytes.push_back(static_cast<std::uint8_t>(std::uint64_t{header.size()} >> (8 * i)));
  bytes.insert(bytes.end(), header.begin(), header.end());
  for (const NamedTensor& tensor : checkpoint.tensors) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(tensor.values.data());
    bytes.insert(bytes.end(), data, data + tensor.values.size() * sizeof(float));
  }
  return bytes;
}

Checkpoint decode_checkpoint(const Bytes& bytes, const std::string& where) {
  std::uint64_t header_bytes = 0;
  if (bytes.size() < kLengthBytes) refuse(where, "no checkpoint", "8 bytes at least", std::to_string(bytes.size()));
  for (std::size_t i = 0; i < kLengthBytes; ++i)
    header_bytes |= std::uint64_t{bytes[i]} << (8 * i);
  if (header_bytes > bytes.size() - kLengthBytes) {
    refuse(where, "the file ends inside its header", std::to_string(header_bytes) + " bytes of header",
           std::to_string(bytes.size()) + " bytes of file");
  }
  const std::size_t data_at = kLengthBytes + static_cast<std::size_t>(header_bytes);
  const Json header = header_json(bytes, static_cast<std::size_t>(header_bytes), where);
  Checkpoint checkpoint;
  for (Entry& entry : entries_of(header, static_cast<std::int64_t>(bytes.size() - data_at), where)) {
    entry.tensor.values.resize(static_cast<std::size_t>(entry.to - entry.from) / sizeof(float));
    if (entry.to > entry.from) {
      std::memcpy(entry.tensor.values.data(), bytes.data() + data_at + entry.from,
                  static_cast<std::size_t>(entry.to - entry.from));
    }
    checkpoint.tensors.push_back(std::move(entry.tensor));
  }
  return checkpoint;
}

void write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const Bytes bytes = encode_checkpoint(checkpoint);
  write_bytes(path, bytes.data(), bytes.size());
}

Checkpoint read_checkpoint(const std::filesystem::path& path) {
  return decode_checkpoint(read_bytes(path), path.string());
}

}  // namespace edgesmith::train
