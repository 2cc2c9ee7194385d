// From a run to a plan, a folder of C++ and what `make` does about it. The network comes from a file, so that nothing
// is trained here.

#include <gtest/gtest.h>

#include <cstdlib>

#include "host/base/error.h"
#include "host/codegen/device_sources.h"
#include "host/workflow/compile_step.h"
#include "host/workflow/desk.h"
#include "host/workflow/evaluate_step.h"
#include "host/workflow/foreign_model.h"
#include "host/workflow/make_step.h"
#include "host/workflow/project_fixture.h"
#include "host/workflow/train_step.h"

namespace edgesmith {
namespace {

template <typename Act>
std::string code_of(const Act& act) {
  try {
    act();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::request);
    return error.text.code;
  }
  return "";
}

/// The small network up to its logits.
ir::Graph logits_network() {
  ir::Graph network = small_network();
  network.ops.pop_back();
  network.outputs = network.ops.back().outputs;
  network.tensors.pop_back();
  return network;
}

ir::Graph adopted(ProjectFolder& folder, const ir::Graph& network, const char* output) {
  folder.write_network("small.tflite", network);
  if (std::string(output) == "logits") folder.change("\"probabilities\"", "\"logits\"");
  const auto run = new_run(folder.project());
  adopt_foreign_model(folder.project(), run);
  return convert::read_tflite(run.int8_model());
}

TEST(ForeignModel, LogitsGetASoftmax) {
  ProjectFolder folder;
  const ir::Graph graph = adopted(folder, logits_network(), "logits");
  ASSERT_EQ(graph.ops.back().kind, ir::OpKind::softmax);
  const ir::Tensor& scores = graph.tensor(graph.outputs.at(0));
  EXPECT_EQ(scores.quantization.scale, std::vector<float>{1.0f / 256});
  EXPECT_EQ(scores.quantization.zero_point, std::vector<std::int64_t>{-128});
}

TEST(ForeignModel, ProbabilitiesStayAsTheyAre) {
  ProjectFolder folder;
  EXPECT_EQ(adopted(folder, small_network(), "probabilities").ops.size(), 2u);
}

TEST(ForeignModel, ProbabilitiesAreNotTakenForLogits) {
  ProjectFolder folder;
  EXPECT_EQ(code_of([&] { adopted(folder, small_network(), "logits"); }), "model.output");
}

/// A project with a finished run.
struct Finished {
  ProjectFolder folder;
  Finished() {
    train_project(folder.project());
  }
  CompileResult compile(const std::string& emit, const fs::path& output = {}) {
    return compile_project(folder.project(), {"mps2-an386", "", emit, output});
  }
};

TEST(Train, ANetworkFromAFileBecomesARunWithAPlan) {
  Finished finished;
  const auto run = find_run(finished.folder.project(), "");
  EXPECT_TRUE(fs::exists(run.int8_model()));
  EXPECT_FALSE(fs::exists(run.float_model()));
  EXPECT_EQ(read_bytes(run.plan()), plan_file_bytes(finished.compile("plan").plan));
}

TEST(Train, TwoTimesTheSameBytes) {
  Finished one, other;
  EXPECT_EQ(read_bytes(find_run(one.folder.project(), "").plan()),
            read_bytes(find_run(other.folder.project(), "").plan()));
}

TEST(Evaluate, CountsTheTestWindows) {
  Finished finished;
  const EvaluateResult result = evaluate_run(finished.folder.project(), {.stage = "int8", .split = "test"});
  EXPECT_EQ(result.metrics.accuracy, 1.0);
  EXPECT_EQ(result.flagged, 0);
}

TEST(Evaluate, SaysThatAnInt8FileHasNoFloatStage) {
  Finished finished;
  EXPECT_EQ(code_of([&] { evaluate_run(finished.folder.project(), {.stage = "float"}); }), "evaluate.no_float");
  EXPECT_EQ(code_of([&] { evaluate_run(finished.folder.project(), {.stage = "flaot"}); }), "evaluate.stage");
  EXPECT_EQ(code_of([&] { evaluate_run(finished.folder.project(), {.split = "tset"}); }), "evaluate.split");
}

TEST(Desk, TracesEveryWindowFromTheResetState) {
  Finished finished;
  Desk desk(read_bytes(find_run(finished.folder.project(), "").plan()));
  const dataset::Recording recording = small_recording("s01");
  const std::vector<WindowTrace> traces = desk.run(recording, 7);
  ASSERT_EQ(traces.size(), 19u);
  EXPECT_EQ(traces[8].input, (std::vector<std::int8_t>{-16, -16, -16, -16}));
  EXPECT_EQ(traces[8].outcome.best, 0);
  EXPECT_EQ(traces[9].input, (std::vector<std::int8_t>{-16, -16, 16, 16}));
  EXPECT_EQ(traces[10].outcome.best, 1);
  EXPECT_EQ(traces[10].time_us, 230000u);  // of sample 23
  EXPECT_EQ(traces[10].stretch, 7u);
  EXPECT_EQ(desk.scores(traces[10].output), (std::vector<float>{0.0f, 255.0f / 256}));
  EXPECT_EQ(desk.run(recording)[0].window, 1u) << "every run begins anew";
}

TEST(Desk, RefusesADamagedPlan) {
  Finished finished;
  Bytes plan = read_bytes(find_run(finished.folder.project(), "").plan());
  plan.back() ^= 1;
  EXPECT_EQ(code_of([&] { Desk desk(plan); }), "plan.refused");
}

TEST(Compile, TheSameFolderTwice) {
  Finished finished;
  const fs::path out = finished.folder.path() / "out";
  finished.compile("cpp", out);
  const std::vector<fs::path> files = files_below(out);
  const std::string before = read_text(out / "small_network.cpp");
  finished.compile("cpp", out);
  EXPECT_EQ(files_below(out), files);
  EXPECT_EQ(read_text(out / "small_network.cpp"), before);
  for (const auto& entry : fs::directory_iterator(finished.folder.path()))
    EXPECT_EQ(entry.path().string().find("unfinished"), std::string::npos) << entry.path();
  for (const auto& entry : fs::directory_iterator(out))
    EXPECT_EQ(entry.path().string().find("unfinished"), std::string::npos) << entry.path();
}

TEST(Compile, KeepsFilesOfOthersAndDropsItsOwnOldOnes) {
  Finished finished;
  const fs::path out = finished.folder.path() / "out";
  finished.compile("cpp", out);
  write_text(out / "sketch.ino", "mine");
  write_text(out / "src" / "mine.cpp", "mine");
  write_text(out / "device" / "kernels" / "reference" / "gone.cpp", "of an older version");
  finished.compile("cpp", out);
  EXPECT_EQ(read_text(out / "sketch.ino"), "mine");
  EXPECT_EQ(read_text(out / "src" / "mine.cpp"), "mine");
  EXPECT_FALSE(fs::exists(out / "device" / "kernels" / "reference" / "gone.cpp"));
}

TEST(Compile, LeavesFoldersAloneThatAreNotItsOwn) {
  Finished finished;
  const fs::path out = finished.folder.path() / "out";
  write_text(out / "thesis.tex", "mine");
  EXPECT_EQ(code_of([&] { finished.compile("cpp", out); }), "compile.output");
  const fs::path neighbour = finished.folder.path() / "other.new" / "thesis.tex";
  write_text(neighbour, "mine");
  finished.compile("cpp", finished.folder.path() / "other");
  EXPECT_EQ(read_text(neighbour), "mine");
}

TEST(Compile, APlanGoesIntoAFileOrAFolder) {
  Finished finished;
  const fs::path folder = finished.folder.path() / "out", file = folder / "my.bin";
  fs::create_directories(folder);
  EXPECT_EQ(finished.compile("plan", folder).output, folder / "small.plan");
  EXPECT_EQ(finished.compile("plan", file).output, file);
  EXPECT_EQ(read_bytes(file), read_bytes(folder / "small.plan"));
  EXPECT_EQ(code_of([&] { finished.compile("plam", file); }), "compile.emit");
}

TEST(Compile, RefusesABudgetThatDoesNotHold) {
  Finished finished;
  finished.folder.change("[target]\n", "[target]\nram_bytes = 100\n");
  EXPECT_EQ(code_of([&] { finished.compile("plan"); }), "target.does_not_fit");
  finished.folder.change("ram_bytes = 100", "flash_bytes = 100");
  EXPECT_EQ(code_of([&] { finished.compile("plan"); }), "target.does_not_fit");
}

/// A source tree with this tool's own device/, which is home as long as this lives.
struct OtherHome {
  TestFolder folder;
  OtherHome() {
    for (const SourceFile& file : device_sources())
      std::ofstream(prepared(file.path), std::ios::binary) << file.text;
    fs::create_directories(folder / "targets");
    ::setenv("EDGESMITH_HOME", folder.path().c_str(), 1);
  }
  ~OtherHome() {
    ::unsetenv("EDGESMITH_HOME");
  }
  fs::path prepared(std::string_view path) const {
    const fs::path file = folder.path() / path;
    fs::create_directories(file.parent_path());
    return file;
  }
};

/// Where the tree differs; empty when it does not.
std::string difference() {
  try {
    check_same_tree();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::unavailable);
    EXPECT_EQ(error.text.code, "build.other_tree");
    return error.text.where;
  }
  return "";
}

TEST(SameTree, IsTheOneThatTheToolWasBuiltFrom) {
  EXPECT_EQ(difference(), "") << "this test and its tree were built together";
  const OtherHome home;
  EXPECT_EQ(difference(), "") << "another place, the same content";
}

TEST(SameTree, AFileThatDiffersOrIsMissingIsNamed) {
  const OtherHome home;
  const fs::path file = home.folder / "device" / "runtime" / "road.cpp";
  const std::string text = read_text(file);
  write_text(file, text + "\n");
  EXPECT_EQ(difference(), fs::canonical(file).string());
  write_text(file, text);
  EXPECT_EQ(difference(), "");
  fs::remove(file);
  EXPECT_EQ(difference(), (fs::canonical(file.parent_path()) / "road.cpp").string());
}

TEST(SameTree, WhatTheToolDoesNotCarryDoesNotMatter) {
  const OtherHome home;
  write_text(home.folder / "device" / "runtime" / "road_test.cpp", "anything");
  EXPECT_EQ(difference(), "");
}

/// Names of the steps that a make runs.
std::vector<std::string> made(const ProjectFolder& folder) {
  std::vector<std::string> names;
  for (const MadeStep& step : make_project(folder.project(), false).steps) {
    if (step.ran) names.push_back(step.name);
  }
  return names;
}

using Steps = std::vector<std::string>;
const Steps kNothing = {};
const Steps kAllButImport = {"train", "plan", "report"};

TEST(Make, DoesEverythingOnceAndNothingWhenAllIsFresh) {
  const ProjectFolder folder;
  EXPECT_EQ(made(folder), (Steps{"import", "train", "plan", "report"}));
  EXPECT_EQ(made(folder), kNothing);
}

TEST(Make, IgnoresComments) {
  ProjectFolder folder;
  made(folder);
  folder.change("epochs = 3", "epochs = 3  # enough\n# truly");
  EXPECT_EQ(made(folder), kNothing);
}

TEST(Make, ChangesOfDecisionsMakeAnotherPlanFromTheSameRun) {
  ProjectFolder folder;
  const std::string run = make_project(folder.project(), false).run;
  folder.change("threshold = 0.5", "threshold = 0.6");
  EXPECT_EQ(made(folder), (Steps{"plan", "report"}));
  EXPECT_EQ(make_project(folder.project(), false).run, run);
}

TEST(Make, WhatIsAcceptedIsTheReportsBusiness) {
  ProjectFolder folder;
  made(folder);
  folder.change("[target]", "[accept]\naccuracy = 0.5\n[target]");
  EXPECT_EQ(made(folder), Steps{"report"});
}

TEST(Make, TrainsAgainForWhatTrainingSees) {
  ProjectFolder folder;
  made(folder);
  folder.change("epochs = 3", "epochs = 4");
  EXPECT_EQ(made(folder), kAllButImport);
  dataset::Recording recording = small_recording("s01");
  recording.samples[3] = -1.5f;
  folder.record(recording);
  EXPECT_EQ(made(folder), kAllButImport);
  ir::Graph network = small_network();
  network.name = "other";
  folder.write_network("small.tflite", network);
  EXPECT_EQ(made(folder), kAllButImport);
  EXPECT_EQ(made(folder), kNothing);
}

TEST(Make, TrainsAgainWhenSplitsWereEdited) {
  ProjectFolder folder;
  folder.change("train_groups = [\"s01\", \"s02\"]\nvalidate_groups = [\"s03\"]\ntest_groups = [\"s04\"]\n", "");
  made(folder);
  const fs::path file = folder.path() / "splits.json";
  nlohmann::ordered_json json = nlohmann::ordered_json::parse(read_text(file));
  std::swap(json["groups"]["validate"], json["groups"]["test"]);
  write_text(file, json.dump());
  EXPECT_EQ(made(folder), kAllButImport);
  EXPECT_EQ(made(folder), kNothing);
}

TEST(Make, MakesAgainWhatIsGone) {
  const ProjectFolder folder;
  made(folder);
  fs::remove(find_run(folder.project(), "").report());
  EXPECT_EQ(made(folder), Steps{"report"});
  fs::remove(find_run(folder.project(), "").plan());
  EXPECT_EQ(made(folder).front(), "plan");
  fs::remove_all(folder.path() / "runs");
  EXPECT_EQ(made(folder), kAllButImport);
}

/// Cuts the last byte off.
void damage(const fs::path& file) {
  fs::resize_file(file, fs::file_size(file) - 1);
}

TEST(Make, MakesAgainWhatIsDamaged) {
  const ProjectFolder folder;
  made(folder);
  const Bytes plan = read_bytes(find_run(folder.project(), "").plan());
  for (const auto& [name, steps] : std::map<std::string, Steps>{{"features.json", kAllButImport},
                                                                {"splits.json", kAllButImport},
                                                                {"model_int8.tflite", kAllButImport},
                                                                {"edgesmith.toml", kAllButImport},
                                                                {"decision.json", {"plan"}},
                                                                {"model.plan", {"plan"}},
                                                                {"report.html", {"report"}},
                                                                {"report.json", {"report"}},
                                                                {"manifest.json", {"report"}}}) {
    const fs::path file = find_run(folder.project(), "").folder / name;
    ASSERT_TRUE(fs::exists(file)) << name;
    damage(file);
    EXPECT_EQ(made(folder), steps) << name;
    EXPECT_EQ(made(folder), kNothing) << name;
    EXPECT_EQ(read_bytes(find_run(folder.project(), "").plan()), plan) << name;
  }
}

TEST(Make, TakesARunAsItIsThatAnotherVerbMade) {
  const ProjectFolder folder;
  made(folder);
  train_project(folder.project());
  EXPECT_EQ(made(folder), (Steps{"plan", "report"})) << "training knows nothing that the stamp does not";
}

TEST(Make, TellsGoalsThatAreNotMetEveryTime) {
  ProjectFolder folder;
  folder.write_network("small.tflite", [] {
    ir::Graph network = small_network();
    std::swap(network.tensor(1).data[0], network.tensor(1).data[4]);  // half of the sums are wrong
    for (std::size_t i = 1; i < 4; ++i)
      std::swap(network.tensor(1).data[i], network.tensor(1).data[4 + i]);
    return network;
  }());
  folder.change("[target]", "[accept]\naccuracy = 0.5\n[target]");
  const MakeResult first = make_project(folder.project(), false), second = make_project(folder.project(), false);
  ASSERT_EQ(first.unmet.size(), 1u);
  EXPECT_EQ(second.unmet, first.unmet);
}

}  // namespace
}  // namespace edgesmith
