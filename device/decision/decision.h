#pragma once
// Decision: class scores of one window after another -> events.
//
//   scores -> best class -> threshold, or the reject class -> vote (k of the last m) -> current class -> emit, cooldown

#include <stdint.h>

#include "device/base/span.h"
#include "device/base/status.h"

namespace edgesmith {
namespace decision {

enum class Emit : uint8_t {
  onset = 1,      // when a class other than the reject class begins
  change = 2,     // whenever the current class changes
  every_hop = 3,  // at every window that is not flagged
};

constexpr int32_t kNoClass = -1;
constexpr int16_t kNoVote = -2;  // a place in the vote that no window has filled yet
constexpr uint32_t kMaxClasses = 64;
constexpr uint32_t kMaxVotes = 16;

/// What is decided per class. Fixed layout: read in place from a plan file.
struct ClassRule {
  float threshold;       // smallest score that counts, 0..1
  uint32_t cooldown_ms;  // at most 3,600,000; after an event of this class, none of this class (or of any, see below)
                         // for so long
};
static_assert(sizeof(ClassRule) == 8, "ClassRule is a file format");

struct Rules {
  Span<const ClassRule> classes;
  int32_t reject_to;     // class index that stands for "nothing" and takes rejected windows; kNoClass = none
  uint8_t votes_needed;  // k
  uint8_t votes_of;      // m, k <= m <= kMaxVotes
  Emit emit;
  uint8_t shared_cooldown;  // 1: an event silences every class for its own cooldown_ms
};

/// config_invalid unless thresholds lie in 0..1, 1 <= k <= m <= kMaxVotes and reject_to is a class or kNoClass.
Status check_rules(const Rules& rules, uint32_t classes);

/// What one window came to.
struct Outcome {
  int32_t best;        // class with the highest score; the lowest index wins ties
  float score;         // of best
  float margin;        // score minus the second highest
  int32_t candidate;   // best, or reject_to where score < threshold
  int32_t current;     // after the vote
  uint8_t emitted;     // 1: this window is an event
  uint8_t suppressed;  // 1: it would have been, but for the cooldown
};

/// What is remembered between windows; set by reset().
struct State {
  int16_t votes[kMaxVotes];  // candidates of the last votes_of windows, a ring
  uint8_t next_vote;
  int32_t current;
};

/// cooldown_left_us: uint32 [classes], owned by the caller, zeroed here.
void reset(const Rules& rules, State& state, Span<uint32_t> cooldown_left_us);

/// Samples were lost: windows from before have no vote any more. `current` stays, it is what the application was told.
void forget_votes(State& state);

/// Decides on one window.
///   scores     float [classes]
///   elapsed_us time since the previous window (one hop, or longer when samples were lost); cooldowns count down by it,
///              flagged windows included
Outcome decide(const Rules& rules, Span<const float> scores, uint32_t elapsed_us, State& state,
               Span<uint32_t> cooldown_left_us);

/// A flagged window: decides nothing, only time passes.
void skip(uint32_t elapsed_us, Span<uint32_t> cooldown_left_us);

}  // namespace decision
}  // namespace edgesmith
