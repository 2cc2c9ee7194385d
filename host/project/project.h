#pragma once
// A project as typed data: what edgesmith.toml says, checked, with defaults filled in. Read by read_project().

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace edgesmith {

enum class SampleType { f32, i16, u8 };

struct InputSection {
  std::string sensor;
  std::vector<std::string> channels;  // ordered
  std::string unit;
  double rate_hz = 0;
  SampleType type = SampleType::f32;
  double scale = 1;      // counts to unit; 1 for f32
  double range_low = 0;  // in the unit, both inclusive
  double range_high = 0;
};

/// How recordings are read; the options of `import` by the same names.
struct DataSection {
  std::string source;  // folder, may start with $EDGESMITH_DATA; empty = recordings/ is filled by hand or by generator
  std::string generator;       // command, run in the project's folder, that writes recordings/; empty = none
  std::string format = "csv";  // csv | audio
  std::string include;         // glob on the path below source; empty = all
  std::string subject_from, session_from, label_from;  // regular expressions on that path, one group
  std::vector<std::string> channels;                   // column names (or 1-based numbers); empty = as [input] channels
  std::string unit;                                    // empty = as [input]
  double rate_hz = 0;                                  // 0 = measured from time_column, else as [input]
  std::string label_column, time_column;
  double gap_ms = 0;  // pauses beyond this split a recording; 0 = 10 sample periods
};

struct ConditioningStep {
  std::string kind;                   // clamp | despike | median | ema
  std::vector<std::string> channels;  // empty = all
  double low = 0, high = 0;           // clamp
  double max_jump = 0;                // despike
  int hold_samples = 2;               // despike
  int length = 3;                     // median
  double alpha = 0;                   // ema
};

struct WindowSection {
  int length_samples = 0;
  int hop_samples = 0;
};

/// One block of features; the feature vector is all blocks, one after another.
struct FeaturesSection {
  std::string kind = "raw";             // raw | statistics
  std::vector<std::string> signals;     // "ax", "l2(ax,ay,az)", "diff(l2(ax,ay,az))"; empty = every channel
  std::vector<std::string> statistics;  // a set, of mean std min max peak_to_peak rms mean_abs energy zero_crossings
  int segments = 1;
};

struct NormalizeSection {
  std::string kind = "standard";  // none | standard | minmax
  double floor = 1e-6;            // smallest standard deviation (or half range) divided by
  double clip = 0;                // 0 = none
};

struct LabelsSection {
  std::vector<std::string> classes;  // ordered; the network's outputs
  std::string idle;                  // class that stands for "nothing"; empty = none
  double purity = 0.75;              // smallest share of the majority label
};

struct SplitSection {
  std::string by = "session";                                           // session | subject
  double train = 0.7, validate = 0.15, test = 0.15;                     // ratios, when no list is given
  std::vector<std::string> train_groups, validate_groups, test_groups;  // explicit lists
  std::uint64_t seed = 1;
};

struct ModelSection {
  std::string architecture = "mlp";     // mlp | cnn1d
  std::vector<int> hidden = {32, 16};   // mlp: units per hidden layer
  std::vector<int> filters = {16, 32};  // cnn1d: per block: convolution, batch norm, ReLU, max pool
  int kernel = 5;                       // cnn1d: taps
  int pool = 2;                         // cnn1d: after every block; 1 = none
  bool separable = false;               // cnn1d: depthwise + pointwise from the second block on
  double dropout = 0;
  std::string file;               // a foreign .tflite instead of an architecture
  std::string output = "logits";  // of a foreign file: logits | probabilities
};

struct TrainSection {
  int epochs = 40;
  int batch = 64;
  double learning_rate = 1e-3;
  std::string schedule = "cosine";  // constant | cosine
  double weight_decay = 1e-4;
  double label_smoothing = 0;
  std::string class_weights = "balanced";  // none | balanced
  std::string best = "val_f1";             // val_f1 | val_accuracy | last
  double noise = 0;                        // standard deviation added to normalised features
  double scale_jitter = 0;                 // each window times 1 +- this
  std::uint64_t seed = 1;
};

struct QuantizeSection {
  std::string calibration = "minmax";  // minmax | percentile
  double percentile = 99.9;
  std::string rounding = "tflm_double";  // tflm_double | single
};

struct DecisionSection {
  double threshold = 0.5;                                  // for every class ...
  std::vector<std::pair<std::string, double>> thresholds;  // ... but these
  int votes_needed = 1, votes_of = 1;
  double cooldown_ms = 0;
  std::vector<std::pair<std::string, double>> cooldowns_ms;  // per class; given = not shared
  std::string emit = "onset";                                // onset | change | every_hop
  std::string reject_to;                                     // class; empty = idle class, or none
  std::string objective;  // empty = thresholds as given; "macro_f1" = searched on the validation windows
};

struct TargetSection {
  std::string board = "mps2-an386";
  std::int64_t ram_bytes = 0, flash_bytes = 0;  // budgets; 0 = what the board has
};

/// Smallest values that `evaluate --split test` must reach; unset = not checked.
struct AcceptSection {
  std::optional<double> macro_f1, accuracy, int8_drop_points;
};

struct Project {
  std::filesystem::path folder;
  std::string name;
  std::string version = "0.1.0";
  std::string task = "classification";
  InputSection input;
  DataSection data;
  std::vector<ConditioningStep> conditioning;
  WindowSection window;
  std::vector<FeaturesSection> features;  // at least one; raw features stand alone
  NormalizeSection normalize;
  LabelsSection labels;
  SplitSection split;
  ModelSection model;
  TrainSection train;
  QuantizeSection quantize;
  DecisionSection decision;
  TargetSection target;
  AcceptSection accept;
};

/// Reads folder/edgesmith.toml. Throws one Error that holds every problem found, each with its line, what was found,
/// what is allowed and the nearest correct spelling.
Project read_project(const std::filesystem::path& folder);

/// The same from text, as if it stood in folder/edgesmith.toml.
Project parse_project(std::string_view toml, const std::filesystem::path& folder);

/// The nearest folder from `start` upward that holds edgesmith.toml; empty = from the current folder, and the file
/// itself will do too. Throws Error (project.not_found) when there is none.
std::filesystem::path find_project(const std::filesystem::path& start);

/// The reference of every key (Markdown), printed from the reader's own table.
std::string project_reference();

/// A commented edgesmith.toml to start from. Throws Error when `name` is none that [project] name takes.
std::string project_template(const std::string& name);

}  // namespace edgesmith
