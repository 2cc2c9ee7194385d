#pragma once
// What there is to say about one run, as plain data, and three ways to say it. The report computes nothing: every
// figure that is shown stands in here. A part without data (empty list, no value) is left out of every form.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace edgesmith::report {

enum class Tone { plain, good, bad };

/// One figure with its name: "macro F1", "0.962", "", "int8, 295 test windows of subjects s11, s12".
struct Figure {
  std::string title, value = {}, unit = {}, note = {};
  Tone tone = Tone::plain;
};

/// One step of the road, in order: "condition", "median of 3, EMA 0.2", "6 x f32".
struct RoadStep {
  std::string name, detail = {}, output = {};
};

/// Where the windows went: of those cut, step after step leaves some out; the rest is dealt to the splits.
struct WindowFlow {
  struct Step {
    std::string left_out;     // "unlabelled"
    std::int64_t out = 0;     // windows left out here; a step that leaves out none is not drawn
    std::string rest;         // "labelled"
    std::int64_t remain = 0;  // windows that go on
  };
  struct Part {
    std::string name;  // "train"
    std::int64_t windows = 0;
  };
  struct PerClass {
    std::string label;
    std::vector<std::int64_t> windows;  // in the order of splits
  };
  std::int64_t cut = 0;
  std::vector<Step> steps = {};   // flagged, unlabelled, below purity, unassigned
  std::vector<Part> splits = {};  // train, validate, test
  std::vector<PerClass> per_class = {};
  std::string note = {};  // "104 samples (1.04 s) every 52; purity at least 0.75; split by subject"
};

struct Epoch {
  int epoch = 0;
  double train_loss = 0, val_accuracy = 0, val_f1 = 0, val_precision = 0, val_recall = 0, learning_rate = 0;
};

struct Training {
  std::vector<Epoch> epochs = {};
  int best_epoch = 0;     // an Epoch::epoch
  std::string rule = {};  // how the best was chosen: "highest val_f1, the earlier of equals"
};

struct ClassScore {
  double precision = 0, recall = 0, f1 = 0;
  std::int64_t support = 0;
};

/// What one stage (float, int8, device) answered on one split.
struct StageResult {
  std::string stage;
  std::string note = {};  // "the plan on the desk", "mps2-an386, emulated"
  std::string split = "test";
  std::int64_t windows = 0;
  double accuracy = 0, accuracy_low = 0, accuracy_high = 1;  // low, high: 95 % interval
  double macro_f1 = 0;
  std::int64_t windows_all = 0;
  double accuracy_all = 0;
  double coverage = 0, decided_accuracy = 0, reject_rate = 0;
  std::vector<ClassScore> per_class = {};                 // in the order of Report::labels
  std::vector<std::vector<std::int64_t>> confusion = {};  // [true][predicted]
  std::vector<std::vector<double>> row_share = {};        // the same, each row summing to 1
};

struct DecisionRules {
  struct PerClass {
    std::string label;
    double threshold = 0;
    std::string cooldown = {};  // "400 ms"
  };
  std::vector<Figure> rules = {};  // "emit": "onset", "vote": "2 of 3", "reject to": "idle"
  std::vector<PerClass> per_class = {};
  std::string note = {};  // "thresholds searched on the validation windows for macro F1"
};

/// Device against desktop, window by window.
struct Verification {
  struct BackEnd {
    std::string name;  // "generated C++", "plan file"
    std::int64_t windows = 0, mismatches = 0;
    std::string first_difference = {};  // "EXECUTION, window 12 of s11/walk_1: output[3] is 17, desktop 18"
  };
  std::string target = {};
  std::int64_t windows = 0;     // distinct ones
  std::int64_t mismatches = 0;  // over all back ends
  std::vector<BackEnd> back_ends = {};
  std::string note = {};
};

struct Instructions {
  struct Bin {
    std::int64_t from = 0, to = 0;  // instructions, [from, to)
    std::int64_t windows = 0;
  };
  struct Stage {
    std::string name;  // "features", "network", "decision"
    std::int64_t median = 0, max = 0;
    std::vector<Bin> histogram = {};  // ordered, bins of equal width
  };
  std::string target = {};
  std::int64_t windows = 0;
  std::int64_t resolution = 1;  // counts are multiples of so many instructions
  std::vector<Stage> stages = {};
  std::vector<Figure> estimates = {};  // cycles, milliseconds, energy: with the formula as their note
};

/// Arena tensors over the operators' order.
struct Arena {
  struct Tensor {
    std::string name, shape = {};
    std::int64_t offset_bytes = 0, bytes = 0;
    int first_op = 0, last_op = 0;  // alive from the start of the one to the end of the other
  };
  std::int64_t bytes = 0;
  std::int64_t lower_bound_bytes = 0;  // most bytes alive at one time
  std::vector<std::string> ops = {};   // "CONV_2D"
  std::vector<Tensor> tensors = {};
};

/// RAM or flash: what takes it, and what there is.
struct Memory {
  struct Part {
    std::string name;
    std::int64_t bytes = 0;
    std::string note = {};
  };
  std::string name;  // "RAM", "Flash"
  std::vector<Part> parts = {};
  std::int64_t total_bytes = 0;
  std::int64_t budget_bytes = 0;   // 0 = unknown
  double used_share = 0;           // total over budget
  std::string budget_source = {};  // "board mps2-an386", "[target] ram_bytes"
};

struct TensorContract {
  std::string role;  // "input", "output"
  std::string name, shape = {}, dtype = {};
  double scale = 0;
  std::int64_t zero_point = 0;
  std::string meaning = {};  // "normalised features", "class probabilities"
};

struct Report {
  std::string project, version = {}, plan_id = {}, run = {}, target = {}, tool = {};  // tool: "edgesmith 0.1.0"
  std::vector<Figure> headline = {};
  std::vector<std::string> labels = {};
  std::vector<RoadStep> road = {};
  std::optional<WindowFlow> flow = {};
  Training training = {};
  std::vector<StageResult> results = {};
  std::optional<DecisionRules> decision = {};
  std::optional<Verification> verification = {};
  std::optional<Instructions> instructions = {};
  std::optional<Arena> arena = {};
  std::vector<Memory> memory = {};
  std::vector<TensorContract> contract = {};
  std::vector<std::string> notes = {};  // what the reader should know and no section says
};

/// For a terminal: at most 100 columns where the names allow it, no colours.
std::string to_text(const Report& report);

/// Every field under its own name; parts without data are absent.
nlohmann::ordered_json to_json(const Report& report);

/// One self-contained page (no scripts, no outside resources): light and dark, from phones to print.
std::string to_html(const Report& report);

}  // namespace edgesmith::report
