#include "host/project/signal_text.h"

#include <gtest/gtest.h>

#include "host/base/error.h"

namespace edgesmith {
namespace {

const std::vector<std::string> kChannels = {"ax", "ay", "az", "l2"};

std::string refusal(const std::string& text) {
  try {
    parse_signal(text, kChannels);
  } catch (const Error& error) {
    return to_text(error.text);
  }
  return "accepted";
}

TEST(SignalText, ReadsChannelsMagnitudesAndDifferences) {
  using Kind = ParsedSignal::Kind;
  const auto same = [](const ParsedSignal& signal, Kind kind, bool difference, std::uint32_t channels) {
    return signal.kind == kind && signal.difference == difference && signal.channels == channels;
  };
  EXPECT_TRUE(same(parse_signal("ay", kChannels), Kind::channel, false, 0b0010));
  EXPECT_TRUE(same(parse_signal("l1(az, ax)", kChannels), Kind::l1, false, 0b0101));
  EXPECT_TRUE(same(parse_signal(" l2(ax,ay,az) ", kChannels), Kind::l2, false, 0b0111));
  EXPECT_TRUE(same(parse_signal("diff(ax)", kChannels), Kind::channel, true, 0b0001));
  EXPECT_TRUE(same(parse_signal("diff( l2(ax, ay) )", kChannels), Kind::l2, true, 0b0011));
  EXPECT_TRUE(same(parse_signal("l2", kChannels), Kind::channel, false, 0b1000)) << "a channel may be called so";
}

TEST(SignalText, SaysWhatIsWrong) {
  EXPECT_EQ(refusal("aq"), "unknown channel 'aq'\n    expected one of ax, ay, az, l2;  try: did you mean 'ax'?");
  EXPECT_EQ(refusal("l2(ax,ax)"), "channel 'ax' stands twice in a magnitude\n    expected each channel once");
  EXPECT_EQ(
      refusal("dif(ax)"),
      "'dif(ax)' is not a signal\n    expected a channel, l1(...), l2(...) or diff(...) of one of these;  try: did "
      "you mean 'diff'?");
  for (const char* text : {"", "l2()", "l2(ax", "l2(ax,)", "ax)", "diff(diff(ax))", "diff()", "l1(l2(ax,ay))", "ax,ay"})
    EXPECT_NE(refusal(text), "accepted") << text;
}

}  // namespace
}  // namespace edgesmith
