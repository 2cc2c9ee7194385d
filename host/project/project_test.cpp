#include "host/project/project.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "host/base/error.h"
#include "host/project/keys.h"

namespace edgesmith {
namespace {

namespace fs = std::filesystem;

const char* const kMinimal = R"([project]
name = "tap"
[input]
channels = ["ax", "ay", "az"]
unit = "g"
rate_hz = 100
range = [-4, 4]
[window]
length_ms = 800
[labels]
classes = ["idle", "tap"]
)";

Project parse(const std::string& more) {
  return parse_project(kMinimal + more, "demo");
}

/// The message for a minimal project with `more` below it (from line 12 on), as a user sees it.
std::string refusal(const std::string& more) {
  try {
    parse(more);
  } catch (const Error& error) {
    return to_text(error.text);
  }
  return "accepted";
}

std::string code(const std::string& more) {
  try {
    parse(more);
  } catch (const Error& error) {
    return error.text.code;
  }
  return "accepted";
}

/// The minimal project with one of its lines replaced.
std::string refusal_instead(const std::string& line, const std::string& other) {
  std::string text = kMinimal;
  text.replace(text.find(line), line.size(), other);
  try {
    parse_project(text, "demo");
  } catch (const Error& error) {
    return to_text(error.text);
  }
  return "accepted";
}

bool says(const std::string& message, const std::string& part) {
  return message.find(part) != std::string::npos;
}

TEST(Project, FillsInDefaultsOfAMinimalFile) {
  const Project project = parse("");
  EXPECT_EQ(project.name, "tap");
  EXPECT_EQ(project.folder, "demo");
  EXPECT_EQ(project.input.type, SampleType::f32);
  EXPECT_EQ(project.input.range_low, -4);
  EXPECT_EQ(project.input.range_high, 4);
  EXPECT_EQ(project.window.length_samples, 80);
  EXPECT_EQ(project.window.hop_samples, 40);
  EXPECT_EQ(project.features[0].kind, "raw");
  EXPECT_EQ(project.model.hidden, (std::vector<int>{32, 16}));
  EXPECT_EQ(project.decision.threshold, 0.5);
  EXPECT_EQ(project.decision.votes_of, 1);
  EXPECT_FALSE(project.accept.macro_f1.has_value());
}

TEST(Project, ReadsStepsInTheOrderOfTheFile) {
  const Project project = parse(R"(
[[conditioning]]
kind = "median"
length = 5
channels = ["ax"]
[[conditioning]]
kind = "clamp"
low = -2
high = 2.5
[[conditioning]]
kind = "despike"
max_jump = 1.5
[[conditioning]]
kind = "ema"
alpha = 0.25
)");
  ASSERT_EQ(project.conditioning.size(), 4u);
  EXPECT_EQ(project.conditioning[0].kind, "median");
  EXPECT_EQ(project.conditioning[0].length, 5);
  EXPECT_EQ(project.conditioning[0].channels, std::vector<std::string>{"ax"});
  EXPECT_EQ(project.conditioning[1].high, 2.5);
  EXPECT_EQ(project.conditioning[2].hold_samples, 2);
  EXPECT_EQ(project.conditioning[3].alpha, 0.25);
}

TEST(Project, ReadsDecisionRulesForAllOrPerClass) {
  const Project shared = parse("[decision]\nthreshold = 0.6\ncooldown_ms = 300\nvotes = \"2 of 3\"\n");
  EXPECT_EQ(shared.decision.threshold, 0.6);
  EXPECT_EQ(shared.decision.cooldown_ms, 300);
  EXPECT_TRUE(shared.decision.cooldowns_ms.empty());
  EXPECT_EQ(shared.decision.votes_needed, 2);
  EXPECT_EQ(shared.decision.votes_of, 3);
  const Project each = parse("[decision]\nthreshold = {tap = 0.7}\ncooldown_ms = {tap = 500}\n");
  EXPECT_EQ(each.decision.threshold, 0.5);
  EXPECT_EQ(each.decision.thresholds, (std::vector<std::pair<std::string, double>>{{"tap", 0.7}}));
  EXPECT_EQ(each.decision.cooldowns_ms, (std::vector<std::pair<std::string, double>>{{"tap", 500}}));
}

TEST(Project, ReadsCountsWithTheirScale) {
  std::string text = kMinimal;
  text.replace(text.find("unit ="), 0, "type = \"i16\"\nscale = 0.0001220703125\n");
  const Project project = parse_project(text, "demo");
  EXPECT_EQ(project.input.type, SampleType::i16);
  EXPECT_EQ(project.input.scale, 1.0 / 8192);
}

TEST(Project, NamesLineColumnAndNearestSpellingOfAnUnknownKey) {
  EXPECT_EQ(refusal("[train]\nepohcs = 3\n"),
            "demo/edgesmith.toml:13:1: unknown key 'epohcs' in [train]\n"
            "    expected one of epochs, batch, learning_rate, schedule, weight_decay, label_smoothing, class_weights, "
            "best, noise, scale_jitter, seed;  try: did you mean 'epochs'?");
}

TEST(Project, TellsWhereAKeyOfAnotherSectionBelongs) {
  EXPECT_TRUE(says(refusal("[train]\nthreshold = 0.5\n"), "try: 'threshold' belongs to [decision]"));
}

TEST(Project, NamesTheNearestSectionOfAnUnknownOne) {
  const std::string message = refusal("[desicion]\n");
  EXPECT_TRUE(says(message, "demo/edgesmith.toml:12:2: unknown section [desicion]")) << message;
  EXPECT_TRUE(says(message, "did you mean 'decision'?")) << message;
}

TEST(Project, RefusesWhatIsKeptForLaterInOtherWordsThanTheUnknown) {
  for (const char* section : {"stream", "power", "log", "release", "fusion", "path.left", "guard", "augment"})
    EXPECT_EQ(code("[" + std::string(section) + "]\n"), "project.not_available") << section;
  EXPECT_EQ(refusal("[augment]\n"),
            "demo/edgesmith.toml:12:2: [augment] is not available yet\n"
            "    try: remove it; the name is kept for a later version");
  EXPECT_EQ(code("[normalize]\nkind = \"window_rms\"\n"), "project.not_available");
  EXPECT_EQ(code("[accept]\nrecall.tap = 0.9\n"), "project.not_available");
  EXPECT_TRUE(says(refusal_instead("name = \"tap\"", "name = \"tap\"\ntask = \"anomaly\""),
                   "[project] task: \"anomaly\" is not available yet\n    expected classification"));
}

TEST(Project, RefusesWrongTypes) {
  EXPECT_EQ(refusal("[train]\nepochs = 3.5\n"),
            "demo/edgesmith.toml:13:1: [train] epochs: wrong type\n    expected whole number, found 3.5 (number)");
  EXPECT_EQ(code("[train]\nepochs = \"3\"\n"), "project.wrong_type");
  EXPECT_EQ(code("[model]\nhidden = 3\n"), "project.wrong_type");
  EXPECT_EQ(code("[model]\nhidden = [3, \"x\"]\n"), "project.wrong_type");
  EXPECT_TRUE(says(refusal_instead("[project]", "train = 3\n[project]"),
                   "toml:1:1: 'train' is a section\n    expected [train], then its keys on the lines below"));
}

TEST(Project, RefusesUnitsInValuesAndForeignUnitsInNames) {
  EXPECT_EQ(refusal("[data]\ngap_ms = \"20 ms\"\n"),
            "demo/edgesmith.toml:13:1: [data] gap_ms: wrong type\n"
            "    expected number without quotes, in ms, found '20 ms' (text)");
  EXPECT_EQ(refusal_instead("length_ms = 800", "length_ms = 800\nhop_s = 0.4"),
            "demo/edgesmith.toml:10:1: [window] hop_s: this is not given in that unit\n    expected hop_ms, in ms;  "
            "try: hop_ms = 400");
  EXPECT_EQ(refusal_instead("rate_hz = 100", "rate_khz = 0.1"),
            "demo/edgesmith.toml:6:1: [input] rate_khz: this is not given in that unit\n"
            "    expected rate_hz, in Hz;  try: rate_hz = 100")
      << "and rate_hz is not missing besides";
}

TEST(Project, RefusesNumbersOutOfRange) {
  EXPECT_EQ(refusal("[decision]\nthreshold = 1.5\n"),
            "demo/edgesmith.toml:13:1: [decision] threshold: out of range\n    expected 0 .. 1, found 1.5");
  EXPECT_EQ(code("[decision]\nthreshold = {tap = -0.1}\n"), "project.out_of_range");
  EXPECT_EQ(code("[train]\nlearning_rate = 0\n"), "project.out_of_range");
  EXPECT_EQ(code("[train]\nlearning_rate = nan\n"), "project.out_of_range");
  EXPECT_EQ(code("[train]\nseed = -1\n"), "project.out_of_range");
}

TEST(Project, RefusesUnknownWords) {
  EXPECT_EQ(refusal("[split]\nby = \"sesion\"\n"),
            "demo/edgesmith.toml:13:1: [split] by: unknown value \"sesion\"\n"
            "    expected session | subject;  try: did you mean 'session'?");
}

TEST(Project, NamesMissingKeysWithAnExample) {
  EXPECT_EQ(refusal_instead("rate_hz = 100\n", ""),
            "demo/edgesmith.toml:3:2: [input] rate_hz is missing\n    expected number;  try: rate_hz = 100");
  EXPECT_TRUE(says(refusal_instead("length_ms = 800\n", ""), "[window] length_ms is missing"));
}

TEST(Project, TellsAllProblemsAtOnceInTheOrderOfLines) {
  const std::string message =
      refusal("[train]\nepochs = 0\nbatsh = 2\n[split]\nby = \"day\"\n[decision]\nvotes = \"3 of 2\"\n");
  EXPECT_TRUE(says(message, "4 problems in demo/edgesmith.toml\n")) << message;
  const auto at = [&message](const char* line) { return message.find(line); };
  EXPECT_LT(at("toml:13:1"), at("toml:14:1"));
  EXPECT_LT(at("toml:14:1"), at("toml:16:1"));
  EXPECT_LT(at("toml:16:1"), at("toml:18:1"));
  EXPECT_NE(at("toml:18:1"), std::string::npos);
  EXPECT_EQ(code("[train]\nepochs = 0\nbatsh = 2\n"), "project.invalid");
}

TEST(Project, ReportsAFaultyKeyOnceThoughOthersDependOnIt) {
  EXPECT_TRUE(says(refusal_instead("rate_hz = 100", "rate_hz = \"100\""), "toml:6:1: [input] rate_hz: wrong type"));
  EXPECT_FALSE(says(refusal_instead("rate_hz = 100", "rate_hz = \"100\""), "problems in"));
  EXPECT_FALSE(says(refusal_instead("range = [-4, 4]", "range = 4"), "problems in"));
}

TEST(Project, PointsAtBrokenToml) {
  EXPECT_EQ(code("[train\n"), "project.syntax");
  EXPECT_TRUE(says(refusal("[train\n"), "demo/edgesmith.toml:12:"));
  EXPECT_EQ(code("[train]\nepochs = 3\nepochs = 4\n"), "project.syntax");
}

TEST(Project, ConvertsMillisecondsExactlyOrNamesTheNeighboursThatWork) {
  EXPECT_EQ(refusal_instead("length_ms = 800", "length_ms = 805"),
            "demo/edgesmith.toml:9:1: [window] length_ms = 805 is 80.5 samples at 100 Hz\n"
            "    expected 1 to 65535 whole samples, such as 800 or 810 ms;  try: length_samples = 80 or 81");
  std::string text = kMinimal;
  text.replace(text.find("rate_hz = 100"), 13, "rate_hz = 104");
  text.replace(text.find("length_ms = 800"), 15, "length_ms = 615.384615");
  EXPECT_EQ(parse_project(text, "").window.length_samples, 64) << "decimals that stand for a whole number of samples";
}

TEST(Project, TakesSamplesInsteadOfMillisecondsButNotBoth) {
  std::string text = kMinimal;
  text.replace(text.find("length_ms = 800"), 15, "length_samples = 64\nhop_samples = 16");
  EXPECT_EQ(parse_project(text, "").window.length_samples, 64);
  EXPECT_EQ(parse_project(text, "").window.hop_samples, 16);
  EXPECT_TRUE(says(refusal_instead("length_ms = 800", "length_ms = 800\nlength_samples = 80"),
                   "length_ms and length_samples say the same thing"));
}

TEST(Project, RefusesAHopLongerThanTheWindow) {
  EXPECT_TRUE(says(refusal_instead("length_ms = 800", "length_ms = 800\nhop_ms = 810"),
                   "toml:10:1: [window] the hop is longer than the window"));
}

TEST(Project, RefusesSegmentsThatDoNotDivideTheWindow) {
  EXPECT_TRUE(says(
      refusal("[features]\nkind = \"statistics\"\nstatistics = [\"std\"]\nsegments = 7\n"),
      "80 samples do not divide into 7 segments\n    expected equal parts of the window;  try: segments = 5 or 8"));
}

TEST(Project, ChecksSignalsAndStatistics) {
  const std::string head = "[features]\nkind = \"statistics\"\n";
  EXPECT_TRUE(
      says(refusal(head + "statistics = [\"std\"]\nsignals = [\"l2(ax,by)\"]\n"),
           "[features] signals: unknown channel 'by'\n    expected one of ax, ay, az;  try: did you mean 'ay'?"));
  EXPECT_TRUE(says(refusal(head + "statistics = [\"st\"]\n"), "did you mean 'std'?"));
  EXPECT_TRUE(says(refusal(head), "[features] statistics is empty"));
  EXPECT_TRUE(says(refusal(head + "statistics = [\"std\", \"std\"]\n"), "\"std\" stands twice"));
  EXPECT_TRUE(says(refusal(head + "statistics = [\"std\"]\nsignals = [\"diff(ax)\"]\nsegments = 80\n"),
                   "diff(ax) needs two samples"));
}

TEST(Project, RefusesKeysThatHaveNoEffect) {
  EXPECT_EQ(refusal("[model]\nfilters = [8]\n"),
            "demo/edgesmith.toml:13:1: [model] filters has no effect with architecture = \"mlp\"\n"
            "    expected architecture = \"cnn1d\" beside it;  try: remove filters, or set architecture = \"cnn1d\"");
  EXPECT_EQ(code("[quantize]\npercentile = 99\n"), "project.unused_key");
  EXPECT_EQ(code("[[conditioning]]\nkind = \"median\"\nalpha = 0.5\n"), "project.unused_key");
  EXPECT_EQ(code("[model]\noutput = \"logits\"\n"), "project.impossible");
}

TEST(Project, ChecksConditioningSteps) {
  EXPECT_TRUE(says(refusal("[[conditioning]]\nkind = \"clamp\"\nlow = 2\nhigh = 1\n"), "lets nothing through"));
  EXPECT_TRUE(says(refusal("[[conditioning]]\nkind = \"clamp\"\nlow = 2\n"), "clamp needs low and high"));
  EXPECT_TRUE(says(refusal("[[conditioning]]\nkind = \"ema\"\n"), "ema needs alpha"));
  EXPECT_TRUE(says(refusal("[[conditioning]]\nkind = \"median\"\nlength = 4\n"), "a median has a middle"));
  EXPECT_TRUE(says(refusal("[[conditioning]]\nkind = \"median\"\nchannels = [\"aw\"]\n"), "unknown channel 'aw'"));
  EXPECT_TRUE(says(refusal("[[conditioning]]\n"), "toml:12:1: [conditioning] kind is missing"));
  EXPECT_TRUE(says(refusal("[conditioning]\nkind = \"median\"\n"), "expected [[conditioning]] with two brackets"));
}

TEST(Project, ChecksNamesAndChannels) {
  EXPECT_TRUE(says(refusal_instead("name = \"tap\"", "name = \"my tap\""), "cannot name C++ code"));
  EXPECT_TRUE(says(refusal_instead("\"az\"]", "\"ax\"]"), "[input] channels: 'ax' stands twice"));
  EXPECT_TRUE(says(refusal_instead("[\"ax\", \"ay\", \"az\"]", "[]"), "expected 1 to 32, found 0"));
  EXPECT_TRUE(says(refusal_instead("range = [-4, 4]", "range = [4, -4]"),
                   "expected [low, high] with low below high, found [4, -4]"));
  EXPECT_TRUE(says(refusal_instead("unit = \"g\"", "unit = \"g\"\ntype = \"i16\""), "needs a scale"));
  EXPECT_TRUE(says(refusal_instead("unit = \"g\"", "unit = \"g\"\nscale = 0.5"), "scale is for counts"));
}

TEST(Project, ChecksThatNamedClassesExist) {
  EXPECT_TRUE(says(refusal("idle = \"idel\"\n"),
                   "[labels] idle: unknown class 'idel'\n    expected one of idle, tap;  try: did you mean 'idle'?"));
  EXPECT_TRUE(says(refusal("[decision]\nreject_to = \"none\"\n"), "reject_to: unknown class 'none'"));
  EXPECT_TRUE(says(refusal("[decision]\nthreshold = {tab = 0.5}\n"), "threshold: unknown class 'tab'"));
  EXPECT_TRUE(says(refusal("[decision]\ncooldown_ms = {tab = 5}\n"), "cooldown_ms: unknown class 'tab'"));
  EXPECT_TRUE(says(refusal_instead("[\"idle\", \"tap\"]", "[\"tap\", \"tap\"]"), "'tap' stands twice"));
  EXPECT_TRUE(says(refusal_instead("[\"idle\", \"tap\"]", "[\"tap\"]"), "expected 2 to 64, found 1"));
}

TEST(Project, ChecksVotes) {
  for (const char* votes : {"3 of 2", "0 of 2", "1 of 17", "two of three", "2/3", ""})
    EXPECT_TRUE(says(refusal("[decision]\nvotes = \"" + std::string(votes) + "\"\n"), "votes cannot be counted"))
        << votes;
  EXPECT_EQ(code("[decision]\nvotes = \"16 of 16\"\n"), "accepted");
}

TEST(Project, ChecksSplits) {
  EXPECT_TRUE(says(refusal("[split]\ntrain = 0.8\n"), "expected a sum of 1, found 1.1"));
  EXPECT_EQ(code("[split]\ntrain = 0.6\nvalidate = 0.2\ntest = 0.2\n"), "accepted");
  EXPECT_TRUE(says(refusal("[split]\ntrain_groups = [\"a\"]\nvalidate_groups = [\"b\"]\ntest_groups = [\"a\"]\n"),
                   "'a' stands in the lists twice"));
  EXPECT_TRUE(says(refusal("[split]\ntrain_groups = [\"a\"]\nvalidate_groups = [\"b\"]\n"), "missing or empty"));
  EXPECT_TRUE(
      says(refusal("[split]\ntest = 0.15\ntrain_groups = [\"a\"]\nvalidate_groups = [\"b\"]\ntest_groups = [\"c\"]\n"),
           "test has no effect beside lists"));
}

TEST(Project, RefusesThresholdsThatAreBothGivenAndSearchedFor) {
  EXPECT_TRUE(says(refusal("[decision]\nthreshold = 0.5\nobjective = \"macro_f1\"\n"), "either given or searched for"));
}

TEST(Project, ChecksTheWaysToReadData) {
  EXPECT_TRUE(says(refusal("[data]\nsource = \"a\"\ngenerator = \"b\"\n"), "source and generator exclude each other"));
  EXPECT_TRUE(says(refusal("[data]\nsubject_from = 's[0-9'\n"), "not a regular expression"));
  EXPECT_TRUE(says(refusal("[data]\nsubject_from = 's[0-9]+'\n"), "with one group in parentheses, found 0"));
  EXPECT_TRUE(says(refusal("[data]\nchannels = [\"x\"]\n"), "one column per [input] channel\n    expected 3, found 1"));
}

TEST(Project, ChecksTheNetworkAgainstWhatFeedsIt) {
  EXPECT_TRUE(says(refusal("[model]\narchitecture = \"cnn1d\"\nfilters = [8, 8, 8]\npool = 5\n"),
                   "nothing is left of 80 samples after pooling by 5 in 3 blocks"));
  EXPECT_TRUE(says(refusal("[model]\narchitecture = \"cnn1d\"\nfilters = []\n"), "cnn1d needs a block"));
  EXPECT_TRUE(says(refusal("[model]\nfile = \"none.tflite\"\n"), "[model] file does not exist"));
}

TEST(Project, ReadsTheExamples) {
  const Project tap = read_project("examples/tap");
  EXPECT_EQ(tap.window.length_samples, 80);
  EXPECT_EQ(tap.window.hop_samples, 10);
  EXPECT_EQ(tap.input.scale * 8192, 1);
  EXPECT_EQ(read_project("examples/activity").input.channels.size(), 6u);
}

TEST(Project, TemplateIsAValidProjectThatNamesEveryKey) {
  const std::string text = project_template("knock");
  EXPECT_EQ(parse_project(text, "").name, "knock");
  for (const Section& section : project_sections())
    for (const Key& key : section.keys)
      EXPECT_TRUE(says(text, "\n" + std::string(key.name) + " = ") || says(text, "\n#" + std::string(key.name) + " = "))
          << section.name << " " << key.name;
  EXPECT_THROW(project_template("9 lives"), Error);
}

TEST(Project, EveryExampleOfTheTableIsTaken) {
  for (const Section& section : project_sections()) {
    for (const Key& key : section.keys) {
      if (*key.example == '\0' || *key.only_key != '\0' || section.repeat == Repeat::steps) continue;
      const std::string path = std::string(section.name) + "." + key.name;
      if (path == "model.file") continue;  // there is no such file here
      const std::string message =
          refusal("[" + std::string(section.name) + "]\n" + key.name + " = " + key.example + "\n");
      EXPECT_FALSE(says(message, "wrong type") || says(message, "out of range") || says(message, "unknown value"))
          << path << ": " << message;
    }
  }
}

TEST(Project, ATruncatedFileIsTakenOrRefusedWithAnError) {
  const std::string text = project_template("knock");
  int refused = 0;
  for (std::size_t length = 0; length < text.size(); length += 3) {
    try {
      parse_project(text.substr(0, length), "");
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GT(refused, 1000);
}

TEST(Project, RefusesSectionsOfTheWrongShape) {
  for (const char* text :
       {"[[input]]", "input = []", "conditioning = 3", "conditioning = [3]", "project = \"x\"", "x = 1"})
    EXPECT_THROW(parse_project(text, ""), Error) << text;
}

/// The row of a key in the reference's section, cut into cells.
std::vector<std::string> row_of(const std::string& section, const std::string& key) {
  const std::string page = project_reference();
  const std::size_t heading = page.find("[" + section + "]");
  const std::size_t from = page.find("\n| `" + key + "` |", heading) + 1;
  std::string row = page.substr(from, page.find('\n', from) - from);
  std::vector<std::string> cells;
  for (std::size_t bar; (bar = row.find(" | ")) != std::string::npos; row = row.substr(bar + 3))
    cells.push_back(row.substr(0, bar));
  return cells;
}

TEST(Project, ReferenceTellsTheDefaultsThatAreUsed) {
  EXPECT_EQ(row_of("train", "epochs")[3], "`40`");
  EXPECT_EQ(row_of("train", "learning_rate")[3], "`0.001`");
  EXPECT_EQ(row_of("model", "hidden")[3], "`[32, 16]`");
  EXPECT_EQ(row_of("decision", "threshold")[3], "`0.5`");
  EXPECT_EQ(row_of("decision", "votes")[3], "`\"1 of 1\"`");
  EXPECT_EQ(row_of("input", "rate_hz")[3], "**required**");
  EXPECT_EQ(row_of("input", "rate_hz")[2], "Hz");
  EXPECT_EQ(row_of("input", "rate_hz")[4], "> 0 .. 1000000");
}

TEST(Project, ReferenceNamesEveryKey) {
  for (const Section& section : project_sections())
    for (const Key& key : section.keys)
      EXPECT_EQ(row_of(section.name, key.name).front(), "| `" + std::string(key.name) + "`") << section.name;
}

TEST(FindProject, GoesUpToTheNearestFolderWithAProject) {
  const fs::path root = fs::temp_directory_path() / ("edgesmith-find-" + std::to_string(::getpid()));
  fs::create_directories(root / "project/recordings/s01");
  std::ofstream(root / "project/edgesmith.toml") << kMinimal;
  EXPECT_EQ(find_project(root / "project/recordings/s01"), fs::canonical(root) / "project");
  EXPECT_EQ(find_project(root / "project"), root / "project");
  EXPECT_EQ(find_project(root / "project/edgesmith.toml"), root / "project");
  EXPECT_EQ(read_project(root / "project").name, "tap");
  EXPECT_THROW(find_project(root / "missing"), Error);
  EXPECT_THROW(read_project(root), Error);
  fs::remove_all(root);
}

}  // namespace
}  // namespace edgesmith
