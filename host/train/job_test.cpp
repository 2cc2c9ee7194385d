#include "host/train/job.h"

#include <gtest/gtest.h>

#include <limits>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith::train {
namespace {

Job small_job() {
  Job job;
  job.network = {.architecture = "cnn1d",
                 .hidden = {3},
                 .filters = {5},
                 .kernel = 3,
                 .pool = 1,
                 .separable = true,
                 .dropout = 0.125};
  job.training = {.epochs = 7,
                  .batch = 9,
                  .learning_rate = 0.1,
                  .schedule = "constant",
                  .weight_decay = 0.2,
                  .label_smoothing = 0.3,
                  .class_weights = "none",
                  .best = "last",
                  .noise = 0.4,
                  .scale_jitter = 0.5,
                  .seed = std::numeric_limits<std::uint64_t>::max(),
                  .threads = 3};
  job.input = {1, 2, 2};
  job.classes = {"idle", "täp"};
  job.train = {{1, 2, 3, 4, 5, 6, 7, 8}, {0, 1}};
  job.validation = {{-1, -2, -3, -4}, {1}};
  return job;
}

/// An empty folder of this test's own.
fs::path scratch(const std::string& name) {
  const fs::path folder = fs::path(testing::TempDir()) / ("edgesmith_job_" + name);
  fs::remove_all(folder);
  return folder;
}

std::string refusal(const Job& job) {
  try {
    check_job(job);
  } catch (const Error& error) {
    return error.text.where;
  }
  return "accepted";
}

template <typename Change>
std::string refusal_after(Change change) {
  Job job = small_job();
  change(job);
  return refusal(job);
}

TEST(Job, ComesBackAsWritten) {
  const fs::path folder = scratch("round_trip");
  const Job job = small_job();
  write_job(folder, job);
  const Job read = read_job(folder);
  EXPECT_EQ(read.network.architecture, "cnn1d");
  EXPECT_EQ(read.network.filters, job.network.filters);
  EXPECT_EQ(read.network.dropout, 0.125);
  EXPECT_TRUE(read.network.separable);
  EXPECT_EQ(read.training.seed, job.training.seed);
  EXPECT_EQ(read.training.learning_rate, 0.1);
  EXPECT_EQ(read.training.best, "last");
  EXPECT_EQ(read.input.width, 2);
  EXPECT_EQ(read.classes, job.classes);
  EXPECT_EQ(read.train.features, job.train.features);
  EXPECT_EQ(read.train.labels, job.train.labels);
  EXPECT_EQ(read.validation.features, job.validation.features);
  EXPECT_EQ(read.validation.labels, job.validation.labels);
  // Nothing is lost: writing what was read gives the same text.
  const fs::path again = scratch("round_trip_again");
  write_job(again, read);
  EXPECT_EQ(read_text(again / "job.json"), read_text(folder / "job.json"));
}

TEST(Job, RefusesWhatCannotBeTrained) {
  EXPECT_EQ(refusal(small_job()), "accepted");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.epochs = 0; }), "[train] epochs");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.batch = 1; }), "[train] batch");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.learning_rate = -1; }), "[train] learning_rate");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.label_smoothing = 1; }), "[train] label_smoothing");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.schedule = "linear"; }), "[train] schedule");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.best = "loss"; }), "[train] best");
  EXPECT_EQ(refusal_after([](Job& job) { job.training.threads = 0; }), "threads");
  EXPECT_EQ(refusal_after([](Job& job) { job.network.kernel = 0; }), "[model] kernel");
  EXPECT_EQ(refusal_after([](Job& job) { job.train.labels[1] = 2; }), "train labels");
  EXPECT_EQ(refusal_after([](Job& job) { job.train.labels[1] = -1; }), "train labels");
  EXPECT_EQ(refusal_after([](Job& job) { job.train = {{1, 2, 3, 4}, {0}}; }), "train labels");
  EXPECT_EQ(refusal_after([](Job& job) { job.validation = {}; }), "validation labels");
  EXPECT_EQ(refusal_after([](Job& job) { job.validation.features.pop_back(); }), "validation features");
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_EQ(refusal_after([=](Job& job) { job.validation.features[2] = nan; }), "validation features");
}

TEST(Job, RefusesBrokenFilesAndNamesThem) {
  const fs::path folder = scratch("broken");
  write_job(folder, small_job());
  const std::string json = read_text(folder / "job.json");
  write_text(folder / "train_labels.i32", "abc");
  EXPECT_THROW(read_job(folder), Error);
  write_job(folder, small_job());
  for (const std::string& bad : {std::string("{"), std::string("[]"), std::string("{\"format\": 2}"),
                                 json.substr(0, json.size() / 2), "{\"format\": 1, \"network\": 3}" + std::string()}) {
    write_text(folder / "job.json", bad);
    EXPECT_THROW(read_job(folder), Error) << bad;
  }
}

}  // namespace
}  // namespace edgesmith::train
