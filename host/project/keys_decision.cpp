// The table of keys, last part: from scores to events, the chip, and what must hold.

#include "host/project/keys.h"

namespace edgesmith {
namespace {

Section decision_section() {
  return {"decision",
          Repeat::once,
          "From the scores of one window after another to events.",
          {
              {"threshold", "", of_draft<&Draft::threshold>, between(0, 1), Need::shown, "",
               "Smallest score that counts, for all classes or as a table: {tap = 0.7}; those not named keep 0.5."},
              {"objective", "", at<&Project::decision, &DecisionSection::objective>, one_of({"macro_f1"}),
               Need::optional, "\"macro_f1\"",
               "Search the thresholds for the best of this on the validation windows, instead of giving them."},
              {"reject_to", "", at<&Project::decision, &DecisionSection::reject_to>, any(), Need::optional, "\"idle\"",
               "Class that a window below its threshold counts as; empty = the idle class, if there is one."},
              {"votes", "", of_draft<&Draft::votes>, any(), Need::shown, "",
               "\"k of m\": a class is believed when it won k of the last m windows, m at most 16."},
              {"cooldown_ms", "ms", of_draft<&Draft::cooldown_ms>, between(0, 3600000), Need::shown, "",
               "Silence after an event: one number for all classes together, or a table with a silence per class."},
              {"emit", "", at<&Project::decision, &DecisionSection::emit>, one_of({"onset", "change", "every_hop"}),
               Need::optional, "",
               "onset = when a class other than reject_to begins; change = also when it ends; every_hop = at every "
               "window."},
          }};
}

Section target_section() {
  return {"target",
          Repeat::once,
          "The board, and what the firmware may take of it.",
          {
              {"board", "", at<&Project::target, &TargetSection::board>, any(), Need::shown, "",
               "One of those that `edgesmith targets` lists."},
              {"ram_bytes", "bytes", at<&Project::target, &TargetSection::ram_bytes>, between(0, 1e12), Need::optional,
               "", "Budget for RAM; 0 = what the board has."},
              {"flash_bytes", "bytes", at<&Project::target, &TargetSection::flash_bytes>, between(0, 1e12),
               Need::optional, "", "Budget for flash; 0 = what the board has."},
          }};
}

Section accept_section() {
  return {"accept",
          Repeat::once,
          "What must hold on the test windows; a key that is not given is not checked.",
          {
              {"macro_f1", "", at<&Project::accept, &AcceptSection::macro_f1>, between(0, 1), Need::optional, "0.9",
               "Smallest mean of the classes' F1."},
              {"accuracy", "", at<&Project::accept, &AcceptSection::accuracy>, between(0, 1), Need::optional, "0.9",
               "Smallest share of windows that are right."},
              {"int8_drop_points", "percentage points", at<&Project::accept, &AcceptSection::int8_drop_points>,
               between(0, 100), Need::optional, "1", "Largest loss of accuracy from float to int8."},
          }};
}

}  // namespace

std::vector<Section> decision_sections() {
  return {decision_section(), target_section(), accept_section()};
}

}  // namespace edgesmith
