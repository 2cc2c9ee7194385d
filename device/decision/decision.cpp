#include "device/decision/decision.h"

#include "device/base/exact_float.h"

namespace edgesmith {
namespace decision {
namespace {

constexpr uint32_t kLongestCooldownMs = 3600000;

void find_best(Span<const float> scores, Outcome& outcome) {
  outcome.best = 0;
  for (size_t c = 1; c < scores.size(); ++c) {
    if (scores[c] > scores[static_cast<size_t>(outcome.best)]) outcome.best = static_cast<int32_t>(c);
  }
  outcome.score = scores[static_cast<size_t>(outcome.best)];
  float second = 0.0f;
  for (size_t c = 0; c < scores.size(); ++c) {
    if (static_cast<int32_t>(c) != outcome.best) second = max_f32(second, scores[c]);
  }
  outcome.margin = sub(outcome.score, second);
}

/// The class that holds at least k of the last m votes; the latest such one, or reject_to where there is none.
int32_t vote(const Rules& rules, int32_t candidate, State& state) {
  state.votes[state.next_vote] = static_cast<int16_t>(candidate);
  const uint8_t newest = state.next_vote;
  state.next_vote = static_cast<uint8_t>(state.next_vote + 1 == rules.votes_of ? 0 : state.next_vote + 1);
  for (uint8_t back = 0; back < rules.votes_of; ++back) {
    const int16_t label = state.votes[(newest + rules.votes_of - back) % rules.votes_of];
    uint8_t count = 0;
    for (uint8_t i = 0; i < rules.votes_of; ++i)
      count = static_cast<uint8_t>(count + (state.votes[i] == label));
    if (label != kNoVote && count >= rules.votes_needed) return label;
  }
  return rules.reject_to;
}

bool wants_event(const Rules& rules, int32_t before, int32_t current) {
  switch (rules.emit) {
    case Emit::onset:
      return current != before && current != rules.reject_to && current != kNoClass;
    case Emit::change:
      return current != before;
    case Emit::every_hop:
      return true;
  }
  return false;
}

void start_cooldown(const Rules& rules, int32_t label, Span<uint32_t> cooldown_left_us) {
  if (label == kNoClass) return;
  const uint32_t us = rules.classes[static_cast<size_t>(label)].cooldown_ms * 1000u;
  for (size_t c = 0; c < cooldown_left_us.size(); ++c) {
    if (rules.shared_cooldown || static_cast<int32_t>(c) == label) cooldown_left_us[c] = us;
  }
}

bool cooling(int32_t label, Span<uint32_t> cooldown_left_us) {
  return label != kNoClass && cooldown_left_us[static_cast<size_t>(label)] > 0;
}

}  // namespace

Status check_rules(const Rules& rules, uint32_t classes) {
  bool good = classes > 0 && classes <= kMaxClasses && rules.classes.size() == classes;
  good = good && rules.votes_needed >= 1 && rules.votes_needed <= rules.votes_of && rules.votes_of <= kMaxVotes;
  good = good && rules.reject_to >= kNoClass && rules.reject_to < static_cast<int32_t>(classes);
  good = good && rules.shared_cooldown <= 1;
  good = good && (rules.emit == Emit::onset || rules.emit == Emit::change || rules.emit == Emit::every_hop);
  for (size_t c = 0; good && c < rules.classes.size(); ++c) {
    const ClassRule& rule = rules.classes[c];
    good = rule.threshold >= 0.0f && rule.threshold <= 1.0f && rule.cooldown_ms <= kLongestCooldownMs;
  }
  return good ? Status::ok : Status::config_invalid;
}

void forget_votes(State& state) {
  for (int16_t& label : state.votes)
    label = kNoVote;
  state.next_vote = 0;
}

void reset(const Rules& rules, State& state, Span<uint32_t> cooldown_left_us) {
  forget_votes(state);
  state.current = rules.reject_to;
  for (uint32_t& left : cooldown_left_us)
    left = 0;
}

void skip(uint32_t elapsed_us, Span<uint32_t> cooldown_left_us) {
  for (uint32_t& left : cooldown_left_us)
    left = left > elapsed_us ? left - elapsed_us : 0;
}

Outcome decide(const Rules& rules, Span<const float> scores, uint32_t elapsed_us, State& state,
               Span<uint32_t> cooldown_left_us) {
  skip(elapsed_us, cooldown_left_us);
  Outcome outcome = {};
  find_best(scores, outcome);
  const float threshold = rules.classes[static_cast<size_t>(outcome.best)].threshold;
  outcome.candidate = outcome.score >= threshold ? outcome.best : rules.reject_to;
  outcome.current = vote(rules, outcome.candidate, state);
  if (wants_event(rules, state.current, outcome.current)) {
    outcome.suppressed = cooling(outcome.current, cooldown_left_us);
    outcome.emitted = !outcome.suppressed;
  }
  if (outcome.emitted) start_cooldown(rules, outcome.current, cooldown_left_us);
  state.current = outcome.current;
  return outcome;
}

}  // namespace decision
}  // namespace edgesmith
