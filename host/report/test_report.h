#pragma once
// A report with every part filled in, for the tests.

#include "host/report/report.h"

namespace edgesmith::report {

inline StageResult test_result(const std::string& stage) {
  return {.stage = stage,
          .note = "the plan on the desk",
          .windows = 1412,
          .accuracy = 0.971,
          .accuracy_low = 0.961,
          .accuracy_high = 0.978,
          .macro_f1 = 0.9583,
          .windows_all = 1533,
          .accuracy_all = 0.942,
          .coverage = 0.987,
          .decided_accuracy = 0.981,
          .reject_rate = 0.013,
          .per_class = {{0.981, 0.985, 0.983, 1201}, {0.914, 0.902, 0.908, 211}},
          .confusion = {{1183, 18}, {21, 190}},
          .row_share = {{0.985, 0.015}, {0.0995, 0.9005}}};
}

inline Report test_report() {
  return {.project = "tap",
          .version = "0.1.0",
          .plan_id = "9f2c41d0a7",
          .run = "2024-01-01_tap_1",
          .target = "mps2-an386",
          .tool = "edgesmith 0.1.0",
          .headline = {{.title = "macro F1", .value = "0.958", .note = "int8, test sessions", .tone = Tone::good},
                       {.title = "arena", .value = "3,840", .unit = "B"}},
          .labels = {"idle", "tap"},
          .road = {{.name = "guard", .detail = "range -8 ... 8 g", .output = "3 x f32"},
                   {.name = "window", .detail = "50 samples every 10", .output = "50x3 f32"}},
          .flow = WindowFlow{.cut = 9876,
                             .steps = {{"unlabelled", 321, "labelled", 9555},
                                       {"below purity", 0, "pure", 9555},
                                       {"flagged", 12, "believed", 9543}},
                             .splits = {{"train", 7001}, {"validate", 1130}, {"test", 1412}},
                             .per_class = {{"idle", {6000, 950, 1201}}, {"tap", {1001, 180, 211}}},
                             .note = "50 samples every 10; purity at least 0.75"},
          .training = {.epochs = {{1, 0.9, 0.7, 0.6, 0.65, 0.61, 0.001},
                                  {2, 0.4, 0.92, 0.9, 0.91, 0.89, 0.0005},
                                  {3, 0.3, 0.91, 0.89, 0.9, 0.88, 0.0001}},
                       .best_epoch = 2,
                       .rule = "highest val_f1"},
          .results = {test_result("float"), test_result("int8")},
          .decision = DecisionRules{.rules = {{.title = "emit", .value = "onset"}},
                                    .per_class = {{"idle", 0.5, "0 ms"}, {"tap", 0.63, "400 ms"}},
                                    .note = "thresholds searched on the validation windows"},
          .verification = Verification{.target = "mps2-an386",
                                       .windows = 2113,
                                       .mismatches = 0,
                                       .back_ends = {{.name = "generated C++", .windows = 2113},
                                                     {.name = "plan file", .windows = 2113}}},
          .instructions =
              Instructions{.target = "mps2-an386",
                           .windows = 2113,
                           .resolution = 40,
                           .stages = {{"network", 48120, 48240, {{48080, 48160, 1800}, {48160, 48240, 313}}}},
                           .estimates = {{.title = "cycles", .value = "55,338", .note = "instructions x 1.15"}}},
          .arena = Arena{.bytes = 3840,
                         .lower_bound_bytes = 3584,
                         .ops = {"CONV_2D", "FULLY_CONNECTED"},
                         .tensors = {{"input", "1x50x3", 0, 640, 0, 0}, {"conv1", "1x50x64", 640, 3200, 0, 1}}},
          .memory = {{.name = "RAM",
                      .parts = {{"arena", 3840}, {"stack", 1024, "high-water mark"}},
                      .total_bytes = 4864,
                      .budget_bytes = 65536,
                      .used_share = 0.0742,
                      .budget_source = "board"}},
          .contract = {{"input", "features", "1x50x3", "s8", 0.0039215689, -128, "normalised samples"}},
          .notes = {"Milliseconds are estimates."}};
}

}  // namespace edgesmith::report
