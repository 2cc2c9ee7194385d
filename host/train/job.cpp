#include "host/train/job.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/base/files.h"
#include "host/base/text.h"

namespace edgesmith::train {

// Found by the JSON library; every key must be there.
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(InputShape, height, width, channels)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(NetworkConfig, architecture, hidden, filters, kernel, pool, separable, dropout)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(TrainingConfig, epochs, batch, learning_rate, schedule, weight_decay,
                                   label_smoothing, class_weights, best, noise, scale_jitter, seed, threads)

namespace {

using Json = nlohmann::json;

constexpr int kFormat = 1;
constexpr int kMaxThreads = 64;

void require(bool holds, const std::string& where, const std::string& expected, const std::string& found) {
  if (holds) return;
  throw Error{{.code = "train.job_refused",
               .what = "this training job cannot be run",
               .where = where,
               .expected = expected,
               .found = found}};
}

void require_at_least(double value, double least, const std::string& key) {
  require(std::isfinite(value) && value >= least, "[train] " + key, "a number from " + Json(least).dump() + " on",
          Json(value).dump());
}

void require_below_one(double value, const std::string& key) {
  require(value >= 0 && value < 1, "[train] " + key, "0 to below 1", Json(value).dump());
}

void require_one_of(const std::string& value, const std::vector<std::string>& allowed, const std::string& key) {
  require(std::find(allowed.begin(), allowed.end(), value) != allowed.end(), "[train] " + key, join(allowed), value);
}

void check_training(const TrainingConfig& training) {
  require_at_least(training.epochs, 1, "epochs");
  require_at_least(training.batch, 2, "batch");
  require_at_least(training.learning_rate, 0, "learning_rate");
  require_at_least(training.weight_decay, 0, "weight_decay");
  require_at_least(training.noise, 0, "noise");
  require_below_one(training.label_smoothing, "label_smoothing");
  require_below_one(training.scale_jitter, "scale_jitter");
  require_one_of(training.schedule, {"constant", "cosine"}, "schedule");
  require_one_of(training.class_weights, {"none", "balanced"}, "class_weights");
  require_one_of(training.best, {"val_f1", "val_accuracy", "last"}, "best");
  require(training.threads >= 1 && training.threads <= kMaxThreads, "threads", "1 to 64",
          std::to_string(training.threads));
}

void check_samples(const Samples& samples, std::size_t elems, std::size_t classes, const std::string& name) {
  require(samples.features.size() == samples.windows() * elems, name + " features",
          std::to_string(samples.windows()) + " windows of " + std::to_string(elems) + " values",
          std::to_string(samples.features.size()) + " values");
  for (const std::int32_t label : samples.labels)
    require(label >= 0 && static_cast<std::size_t>(label) < classes, name + " labels",
            "an index below " + std::to_string(classes), std::to_string(label));
  const auto broken = std::find_if_not(samples.features.begin(), samples.features.end(),
                                       [](float value) { return std::isfinite(value); });
  require(broken == samples.features.end(), name + " features", "finite values",
          "not so at value " + std::to_string(broken - samples.features.begin()));
}

template <typename T>
void write_array(const fs::path& path, const std::vector<T>& values) {
  write_bytes(path, values.data(), values.size() * sizeof(T));
}

template <typename T>
std::vector<T> read_array(const fs::path& path) {
  const Bytes bytes = read_bytes(path);
  require(bytes.size() % sizeof(T) == 0, path.string(), "values of 4 bytes", std::to_string(bytes.size()) + " bytes");
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

void write_samples(const fs::path& folder, const std::string& name, const Samples& samples) {
  write_array(folder / (name + "_features.f32"), samples.features);
  write_array(folder / (name + "_labels.i32"), samples.labels);
}

Samples read_samples(const fs::path& folder, const std::string& name) {
  return {read_array<float>(folder / (name + "_features.f32")),
          read_array<std::int32_t>(folder / (name + "_labels.i32"))};
}

}  // namespace

void check_job(const Job& job) {
  check_training(job.training);
  build_layers(job.network, job.input, static_cast<int>(job.classes.size()));
  const auto elems = static_cast<std::size_t>(job.input.elems());
  check_samples(job.train, elems, job.classes.size(), "train");
  check_samples(job.validation, elems, job.classes.size(), "validation");
  require(job.train.windows() >= 2, "train labels", "at least 2 windows", std::to_string(job.train.windows()));
  require(job.validation.windows() >= 1, "validation labels", "at least 1 window", "none");
}

void write_job(const fs::path& folder, const Job& job) {
  check_job(job);
  write_samples(folder, "train", job.train);
  write_samples(folder, "validation", job.validation);
  const Json json = {{"format", kFormat},
                     {"network", job.network},
                     {"training", job.training},
                     {"input", job.input},
                     {"classes", job.classes}};
  write_text(folder / "job.json", json.dump(2) + "\n");
}

Job read_job(const fs::path& folder) {
  const fs::path path = folder / "job.json";
  Job job;
  try {
    const Json json = Json::parse(read_text(path));
    require(json.at("format") == kFormat, path.string(), "format 1", json.at("format").dump());
    json.at("network").get_to(job.network);
    json.at("training").get_to(job.training);
    json.at("input").get_to(job.input);
    json.at("classes").get_to(job.classes);
  } catch (const Json::exception& error) {
    require(false, path.string(), "a training job as `edgesmith train` writes it", error.what());
  }
  job.train = read_samples(folder, "train");
  job.validation = read_samples(folder, "validation");
  check_job(job);
  return job;
}

}  // namespace edgesmith::train
