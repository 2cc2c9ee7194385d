// Runs edgesmith-train itself, as the workflow does.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "host/base/files.h"
#include "host/base/process.h"
#include "host/base/random.h"
#include "host/ir/interpreter.h"
#include "host/train/checkpoint.h"
#include "host/train/job.h"
#include "host/train/results.h"
#include "host/train/to_graph.h"

namespace edgesmith::train {
namespace {

fs::path scratch(const std::string& name) {
  const fs::path folder = fs::path(testing::TempDir()) / ("edgesmith_train_" + name);
  fs::remove_all(folder);
  return folder;
}

/// Two clouds far apart, around +1 and -1 in every value.
Samples blobs(std::size_t windows, std::size_t elems, Random& random) {
  Samples samples;
  for (std::size_t w = 0; w < windows; ++w) {
    samples.labels.push_back(static_cast<std::int32_t>(w % 2));
    for (std::size_t i = 0; i < elems; ++i)
      samples.features.push_back((w % 2 ? 1.0f : -1.0f) + static_cast<float>(0.3 * random.normal()));
  }
  return samples;
}

Job blob_job(const NetworkConfig& network, const InputShape& input) {
  Random random(9);
  Job job{.network = network, .input = input, .classes = {"low", "high"}};
  job.training = {.epochs = 8, .batch = 16, .learning_rate = 0.01, .noise = 0.1, .scale_jitter = 0.1};
  const auto elems = static_cast<std::size_t>(input.elems());
  job.train = blobs(101, elems, random);
  job.validation = blobs(30, elems, random);
  return job;
}

std::vector<float> floats(const Bytes& raw) {
  std::vector<float> values(raw.size() / sizeof(float));
  std::memcpy(values.data(), raw.data(), values.size() * sizeof(float));
  return values;
}

Bytes bytes(std::span<const float> values) {
  const auto* raw = reinterpret_cast<const std::uint8_t*>(values.data());
  return Bytes(raw, raw + values.size_bytes());
}

ProcessResult train(const fs::path& folder) {
  return run_process({EDGESMITH_TRAIN_PROGRAM, folder.string()});
}

const Job kMlp = blob_job({.hidden = {8}, .dropout = 0.2}, {1, 1, 6});
const Job kCnn = blob_job({.architecture = "cnn1d", .filters = {4, 6}, .kernel = 3, .separable = true}, {1, 12, 2});

/// The folder of a finished run; each job is run once for all tests.
const fs::path& finished(const Job& job) {
  static std::map<const Job*, fs::path> folders;
  fs::path& folder = folders[&job];
  if (folder.empty()) {
    folder = scratch("finished" + std::to_string(folders.size()));
    write_job(folder, job);
    const ProcessResult run = train(folder);
    EXPECT_EQ(run.status, 0);
    EXPECT_EQ(run.output, "");
  }
  return folder;
}

TEST(Program, TwoRunsGiveTheSameBytes) {
  for (const Job* job : {&kMlp, &kCnn}) {
    const fs::path again = scratch("again");
    write_job(again, *job);
    ASSERT_EQ(train(again).status, 0);
    for (const char* file : {"checkpoint.safetensors", "metrics.csv", "validation_scores.f32"})
      EXPECT_EQ(read_bytes(finished(*job) / file), read_bytes(again / file)) << file;
  }
}

TEST(Program, LearnsWhatIsEasyAndRecordsHow) {
  for (const Job* job : {&kMlp, &kCnn}) {
    const TrainingResult result = read_result(finished(*job) / "result.json");
    EXPECT_EQ(result.val.accuracy, 1);
    EXPECT_EQ(result.val.macro_f1, 1);
    EXPECT_EQ(result.epochs, 8);
    const std::vector<EpochRow> rows = read_metrics(finished(*job) / "metrics.csv");
    ASSERT_EQ(rows.size(), 8u);
    EXPECT_EQ(rows[0].learning_rate, 0.01);
    EXPECT_LT(rows[7].train_loss, rows[0].train_loss);
  }
}

TEST(Program, OfEqualEpochsTheFirstIsKept) {
  const std::vector<EpochRow> rows = read_metrics(finished(kMlp) / "metrics.csv");
  const auto perfect =
      std::find_if(rows.begin(), rows.end(), [](const EpochRow& row) { return row.val.macro_f1 == 1; });
  ASSERT_NE(perfect, rows.end());
  EXPECT_EQ(read_result(finished(kMlp) / "result.json").best_epoch, perfect->epoch);
  EXPECT_TRUE(std::none_of(perfect + 1, rows.end(), [](const EpochRow& row) { return row.best; }));
}

TEST(Program, CheckpointAndScoresBelongTogether) {
  const InputShape& input = kCnn.input;
  const auto layers = build_layers(kCnn.network, input, 2);
  ir::Interpreter interpreter(to_graph(layers, input, 2, read_checkpoint(finished(kCnn) / "checkpoint.safetensors")));
  const std::vector<float> scores = floats(read_bytes(finished(kCnn) / "validation_scores.f32"));
  ASSERT_EQ(scores.size(), kCnn.validation.windows() * 2);
  const auto elems = static_cast<std::size_t>(input.elems());
  for (std::size_t w = 0; w < kCnn.validation.windows(); ++w) {
    const std::vector<float> expected =
        floats(interpreter.run({bytes(std::span(kCnn.validation.features).subspan(w * elems, elems))})[0]);
    EXPECT_NEAR(scores[w * 2], expected[0], 1e-4f);  // libtorch sums in another order
    EXPECT_NEAR(scores[w * 2 + 1], expected[1], 1e-4f);
  }
}

TEST(Program, TheSeedChangesTheResult) {
  const fs::path other = scratch("seed");
  Job job = kMlp;
  job.training.seed = 2;
  write_job(other, job);
  ASSERT_EQ(train(other).status, 0);
  EXPECT_NE(read_bytes(finished(kMlp) / "checkpoint.safetensors"), read_bytes(other / "checkpoint.safetensors"));
}

TEST(Program, KeepsTheLastCheckpointWhenAskedTo) {
  const fs::path folder = scratch("last");
  Job job = kMlp;
  job.training.best = "last";
  write_job(folder, job);
  ASSERT_EQ(train(folder).status, 0);
  EXPECT_EQ(read_result(folder / "result.json").best_epoch, 8);
}

TEST(Program, MayHaveMoreThreadsThanPairsOfWindows) {
  const fs::path folder = scratch("threads");
  Job job = kCnn;
  job.training.threads = 3;
  job.training.batch = 2;
  job.train = {{job.train.features.begin(), job.train.features.begin() + 3 * 24}, {0, 1, 0}};
  write_job(folder, job);
  const ProcessResult run = train(folder);
  EXPECT_EQ(run.status, 0) << run.output;
}

TEST(Program, SaysInOneMessageWhatIsWrong) {
  EXPECT_EQ(run_process({EDGESMITH_TRAIN_PROGRAM}).status, 2);
  EXPECT_EQ(train(scratch("nowhere")).status, 2);
  const fs::path folder = scratch("diverges");
  Job job = kMlp;
  job.training.learning_rate = 1e30;
  write_job(folder, job);
  write_text(folder / "result.json", "of an earlier run");
  const ProcessResult run = train(folder);
  EXPECT_EQ(run.status, 2);
  EXPECT_NE(run.output.find("try: a smaller learning_rate"), std::string::npos) << run.output;
  EXPECT_FALSE(fs::exists(folder / "result.json"));
}

}  // namespace
}  // namespace edgesmith::train
