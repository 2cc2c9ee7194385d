#include "host/codegen/emit_cpp.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <regex>
#include <set>

#include "host/codegen/cpp_text.h"
#include "host/codegen/reserved_words.h"
#include "host/plan/small_plan_fixture.h"

namespace edgesmith {
namespace {

using Files = std::map<std::string, std::string>;

Files small_folder(const CompiledPlan& plan) {
  return emit_cpp(plan, "a test");
}

/// Everything that `pattern`'s first group matches in `text`.
std::vector<std::string> all_of(const std::string& text, const std::string& pattern) {
  const std::regex form(pattern);
  std::vector<std::string> found;
  for (std::sregex_iterator at(text.begin(), text.end(), form), end; at != end; ++at)
    found.push_back((*at)[1]);
  return found;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(Number, ReadsBackAsTheSameFloat) {
  for (float value : {0.1f, 1.0f / 3, 16777217.0f, 3.4028235e38f, 1e-45f, 1.17549435e-38f, -0.0f, 1e9f, 0.99609375f}) {
    const std::string text = cpp::number(value);
    ASSERT_EQ(text.back(), 'f') << text;
    const float back = std::strtof(text.substr(0, text.size() - 1).c_str(), nullptr);
    EXPECT_EQ(std::memcmp(&back, &value, sizeof value), 0) << text;
  }
}

TEST(Number, IsAFloatLiteralEvenWhereItIsWhole) {
  EXPECT_EQ(cpp::number(2.0f), "2.0f");
  EXPECT_EQ(cpp::number(-3.0f), "-3.0f");
  EXPECT_EQ(cpp::number(1e20f), "1.00000002e+20f");
  EXPECT_EQ(cpp::number(0.1f), "0.100000001f");
}

TEST(Table, BreaksLinesAndEndsEveryEntryWithAComma) {
  const std::int8_t values[] = {1, -2, 3};
  EXPECT_EQ(cpp::table(values, 3), "{\n    1, -2, 3,\n}");
  const std::string text = cpp::table(std::vector<float>(1000, -0.123456789f));
  for (const std::string& line : all_of(text, "([^\n]+)"))
    EXPECT_LE(line.size(), 120u);
  EXPECT_EQ(all_of(text, "(-0\\.123456791f,)").size(), 1000u);
}

TEST(Quoted, EscapesWhatWouldLeaveTheLiteral) {
  EXPECT_EQ(cpp::quoted("a\"b\\c"), R"("a\"b\\c")");
  EXPECT_EQ(cpp::quoted("what?"
                        "?/"),
            R"("what\?\?/")");
  EXPECT_EQ(cpp::quoted("a\n1"), R"("a\0121")");
  EXPECT_EQ(cpp::quoted("\xc3\xa4"), R"("\303\244")");
}

TEST(Commented, CannotLeaveItsLine) {
  EXPECT_EQ(cpp::commented("dense\\"), "dense_");
  EXPECT_EQ(cpp::commented("dense\nint x;"), "dense_int x;");
  EXPECT_EQ(cpp::commented("dense?"
                           "?/"),
            "dense__/");
  EXPECT_EQ(cpp::commented("\xc3\xa4"), "\xc3\xa4");
}

TEST(Identifier, KeepsGoodNamesAndMendsOthers) {
  EXPECT_EQ(identifier("tap"), "tap");
  EXPECT_EQ(identifier("kws_2"), "kws_2");
  EXPECT_EQ(identifier("my-project"), "my_project");
  EXPECT_EQ(identifier("2nd try"), "m2nd_try");
  EXPECT_EQ(identifier(""), "m");
}

TEST(Identifier, GivesAnEndingToNamesThatAreTaken) {
  for (const char* name : {"new", "switch", "and", "main", "edgesmith", "pipeline", "test", "math", "features", "index",
                           "gamma", "log", "logf", "linux", "int8_t", "Time", "float", "std"}) {
    EXPECT_EQ(identifier(name), std::string(name) + "_model");
  }
  for (const char* name : {"tap", "activity", "motor", "news", "mathematics", "tests", "newt"})
    EXPECT_FALSE(cpp::is_reserved(name)) << name;
}

TEST(EmitCpp, TheSamePlanGivesTheSameFolder) {
  EXPECT_EQ(small_folder(small_plan()), small_folder(small_plan()));
}

TEST(EmitCpp, EveryIncludeIsInTheFolder) {
  const Files files = small_folder(small_plan());
  for (const auto& [path, text] : files) {
    for (const std::string& header : all_of(text, "#include \"([^\"]+)\""))
      EXPECT_EQ(files.count(header), 1u) << path << " includes " << header;
  }
}

TEST(EmitCpp, SystemHeadersAreOnesThatEveryToolchainHas) {
  const std::set<std::string> allowed = {"stdint.h", "stddef.h", "string.h", "math.h", "float.h", "stdio.h"};
  for (const auto& [path, text] : small_folder(small_plan())) {
    for (const std::string& header : all_of(text, "#include <([^>]+)>")) {
      EXPECT_EQ(allowed.count(header), 1u) << path << " includes " << header;
      EXPECT_TRUE(header != "stdio.h" || path == "main.cpp") << "no printf on the road: " << path;
    }
  }
}

TEST(EmitCpp, BringsTheKernelsOfThePlanAndNoOthers) {
  const Files files = small_folder(small_plan());
  EXPECT_EQ(files.count("device/kernels/portable/fully_connected.cpp"), 1u);
  EXPECT_EQ(files.count("device/kernels/reference/softmax.cpp"), 1u);
  EXPECT_EQ(files.count("device/kernels/reference/conv2d.cpp"), 0u);
  EXPECT_EQ(files.count("device/runtime/plan_file.cpp"), 0u);
  EXPECT_EQ(files.count("LICENSE"), 1u);
  for (const auto& [path, text] : files)
    EXPECT_FALSE(contains(path, "_test.") || contains(path, "_fixture.")) << path;
}

TEST(EmitCpp, EveryFileNamesThePlanAndTheCommand) {
  const CompiledPlan plan = small_plan();
  for (const auto& [path, text] : small_folder(plan)) {
    if (path.find('/') != std::string::npos || path == "LICENSE" || path == "CMakeLists.txt") continue;
    EXPECT_TRUE(contains(text, hex(plan.plan_id))) << path;
    EXPECT_TRUE(contains(text, "a test")) << path;
  }
}

TEST(EmitCpp, ReservesWhatThePlanFileAsksFor) {
  const std::string header = small_folder(small_plan()).at("small.h");
  EXPECT_TRUE(contains(header, "alignas(16) int8_t arena_[32];"));
  EXPECT_TRUE(contains(header, "uint8_t fifo_[132];"));  // 11 samples of 8 + 4 bytes
  EXPECT_TRUE(contains(header, "float ring_[4];"));
  EXPECT_TRUE(contains(header, "float state_[2];"));
  EXPECT_TRUE(contains(header, "uint32_t cooldown_[2];"));
  EXPECT_TRUE(contains(header, "#define SMALL_SAMPLE_PERIOD_US 10000\n"));
}

TEST(EmitCpp, PrintsTheWeightsOfThePlan) {
  const std::string network = small_folder(small_plan()).at("small_network.cpp");
  EXPECT_TRUE(contains(network, "kOp0Weights[8] = {\n    -16, -16, -16, -16, 16, 16, 16, 16,\n}"));
  EXPECT_TRUE(contains(network, "kOp0Bias[2] = {\n    0, 0,\n}"));
}

TEST(EmitCpp, PrintsTheRulesAsData) {
  const CompiledPlan plan = small_plan(small_project(), small_network(), {0.25, 0.7});
  const std::string source = small_folder(plan).at("small.cpp");
  EXPECT_TRUE(contains(source, "{0.25f, 0},"));
  EXPECT_TRUE(contains(source, "{0.699999988f, 0},"));
  EXPECT_TRUE(contains(source, "{-8.0f, 8.0f},"));
}

/// A plan of which one thing is odd.
template <typename Change>
Files folder_with(const Change& change) {
  CompiledPlan plan = small_plan();
  change(plan);
  return small_folder(plan);
}

std::vector<std::string> label_constants(const std::vector<std::string>& labels) {
  const Files files = folder_with([&](CompiledPlan& plan) { plan.labels = labels; });
  return all_of(files.at("small.h"), "  (kLabel\\w*) = ");
}

TEST(Labels, BecomeConstants) {
  EXPECT_EQ(label_constants({"idle", "double tap", "4g"}),
            (std::vector<std::string>{"kLabelIdle", "kLabelDoubleTap", "kLabel4g"}));
}

TEST(Labels, ThatComeToTheSameConstantAreToldApart) {
  EXPECT_EQ(label_constants({"a b", "a_b", "aB", "?", "!"}),
            (std::vector<std::string>{"kLabelAB", "kLabelAB_1", "kLabelAB_2", "kLabel", "kLabel_4"}));
}

TEST(Labels, KeepTheirNamesWhateverTheyHold) {
  const Files files = folder_with([](CompiledPlan& plan) { plan.labels = {"say \"hi\"", "\xc3\xa4\\n"}; });
  EXPECT_TRUE(contains(files.at("small.cpp"), R"("say \"hi\"" "\0")"));
  EXPECT_TRUE(contains(files.at("small.cpp"), R"("\303\244\\n" "\0")"));
}

TEST(EmitCpp, NamesFromElsewhereStayInTheirCommentsAndLiterals) {
  const Files files = folder_with([](CompiledPlan& plan) {
    plan.network.labels[0].name = "dense\\";
    plan.network.labels[1].name = "x\nint evil;";
    plan.version = "1\" %s";
  });
  EXPECT_TRUE(contains(files.at("small_network.cpp"), "FULLY_CONNECTED dense_"));
  EXPECT_FALSE(contains(files.at("small_network.cpp"), "\nint evil"));
  EXPECT_TRUE(contains(files.at("main.cpp"), R"("small 1\" %s")"));
}

TEST(EmitCpp, AProjectCalledLikeAKeywordGetsAnotherName) {
  const Files files = folder_with([](CompiledPlan& plan) { plan.name = "new"; });
  EXPECT_EQ(files.count("new_model.h"), 1u);
  EXPECT_EQ(files.count("new.h"), 0u);
  EXPECT_TRUE(contains(files.at("new_model.h"), "namespace new_model {"));
  EXPECT_TRUE(contains(files.at("new_model.h"), "void new_model_push("));
}

}  // namespace
}  // namespace edgesmith
