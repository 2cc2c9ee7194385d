#include <fmt/format.h>

#include <cmath>
#include <filesystem>

#include "host/project/check.h"
#include "host/project/signal_text.h"
#include "host/project/toml_text.h"

namespace edgesmith {
namespace {

constexpr double kMostSamples = 65535;

std::string samples_in_ms(double samples, double rate_hz) {
  return fmt::format("{:.9g}", samples * 1000 / rate_hz);
}

/// Samples in `duration_ms`; 0 and a problem when they are not whole. A millionth of a sample is the rounding of the
/// decimals in the file.
int whole_samples(const Draft& draft, Problems& problems, const std::string& key, double duration_ms) {
  const double rate_hz = draft.project.input.rate_hz;
  const double samples = duration_ms * rate_hz / 1000;
  const double nearest = std::round(samples);
  if (std::fabs(samples - nearest) <= 1e-6 && nearest >= 1 && nearest <= kMostSamples) return static_cast<int>(nearest);
  const double below = std::fmin(std::fmax(1, std::floor(samples)), kMostSamples - 1), above = below + 1;
  const std::string stem = key.substr(0, key.find('_'));
  problems.add(
      draft.place("window." + key),
      impossible(fmt::format("[window] {} = {} is {:.6g} samples at {} Hz", key, duration_ms, samples, rate_hz),
                 fmt::format("1 to {} whole samples, such as {} or {} ms", kMostSamples, samples_in_ms(below, rate_hz),
                             samples_in_ms(above, rate_hz)),
                 "", fmt::format("{}_samples = {} or {}", stem, below, above)));
  return 0;
}

/// One of the two ways to say a length; 0 when neither is there or it was reported.
int resolve_samples(Draft& draft, Problems& problems, const std::string& stem, const std::optional<double>& in_ms,
                    int in_samples) {
  const std::string ms = stem + "_ms", samples = stem + "_samples";
  if (draft.given("window." + ms) && draft.given("window." + samples)) {
    problems.add(draft.place("window." + samples),
                 impossible(fmt::format("[window] {} and {} say the same thing", ms, samples), "one of them"));
    return 0;
  }
  if (!draft.sound({"window." + ms, "window." + samples, "input.rate_hz"})) return 0;
  return in_ms ? whole_samples(draft, problems, ms, *in_ms) : in_samples;
}

bool either_given(const Draft& draft, const std::string& stem) {
  return draft.given("window." + stem + "_ms") || draft.given("window." + stem + "_samples");
}

/// One [[features]] block under check; `path` names it: "features[0]".
struct Block {
  const Draft& draft;
  Problems& problems;
  const FeaturesSection& features;
  std::string path;

  std::string key(const char* name) const {
    return path + "." + name;
  }
  bool sound(const char* name) const {
    return draft.sound({key(name)});
  }
  void refuse(const char* name, ErrorText text) const {
    problems.add(draft.place(key(name)), std::move(text));
  }
};

void check_signals(const Block& block) {
  if (!block.draft.sound({"input.channels", block.key("signals")})) return;
  const int segment = block.draft.project.window.length_samples / block.features.segments;
  for (const std::string& text : block.features.signals)
    try {
      const ParsedSignal signal = parse_signal(text, block.draft.project.input.channels);
      if (signal.difference && segment == 1)
        block.refuse("segments",
                     impossible("[features] " + text + " needs two samples", "segments of at least 2 samples", "1"));
    } catch (const Error& error) {
      ErrorText refusal = error.text;
      refusal.what = "[features] signals: " + refusal.what;
      block.refuse("signals", refusal);
    }
}

/// Divisors of the window length next to the wish.
std::string segment_choices(int length, int wish) {
  int below = wish, above = wish;
  while (below > 1 && length % below != 0)
    --below;
  while (above < length && length % above != 0)
    ++above;
  return fmt::format("segments = {} or {}", below, above);
}

void check_segments(const Block& block) {
  const int length = block.draft.project.window.length_samples, segments = block.features.segments;
  if (length == 0 || !block.sound("segments") || length % segments == 0) return;
  block.refuse("segments",
               impossible(fmt::format("[features] {} samples do not divide into {} segments", length, segments),
                          "equal parts of the window", "", segment_choices(length, segments)));
}

void check_statistics(const Block& block) {
  const std::vector<std::string>& statistics = block.features.statistics;
  if (block.sound("statistics") && statistics.empty())
    block.refuse("statistics", impossible("[features] statistics is empty", "at least one figure", "",
                                          "statistics = [\"mean\", \"std\"]"));
  if (const std::string* twice = first_duplicate(statistics))
    block.refuse("statistics", impossible("[features] statistics: \"" + *twice + "\" stands twice", "each once"));
}

void check_block(const Block& block) {
  if (!block.sound("kind")) return;
  if (block.features.kind == "raw") {
    if (block.draft.project.features.size() > 1)
      block.refuse("kind",
                   impossible("[features] raw stands beside another block", "raw alone, or blocks of statistics"));
    return;
  }
  check_statistics(block);
  check_segments(block);
  check_signals(block);
}

void check_file(const Draft& draft, Problems& problems) {
  const ModelSection& model = draft.project.model;
  for (const char* key : {"architecture", "hidden", "filters", "kernel", "pool", "separable", "dropout"})
    if (draft.given(std::string("model.") + key))
      problems.add(draft.place(std::string("model.") + key),
                   impossible(fmt::format("[model] {} has no effect on a network from a file", key),
                              "file, or architecture and its keys"));
  if (std::filesystem::is_regular_file(draft.project.folder / model.file)) return;
  problems.add(draft.place("model.file"),
               impossible("[model] file does not exist", "a path from the project's folder", toml_text(model.file)));
}

void check_layers(const Draft& draft, Problems& problems) {
  const ModelSection& model = draft.project.model;
  if (model.architecture != "cnn1d" || !draft.sound({"model.filters", "model.pool", "features[0].kind"})) return;
  if (model.filters.empty())
    problems.add(draft.place("model.filters"), impossible("[model] cnn1d needs a block", "filters = [16, 32]", "[]"));
  if (draft.project.features[0].kind != "raw") {
    problems.add(draft.place("model.architecture"),
                 impossible("[model] cnn1d works along time, which statistics no longer have", "raw features",
                            "statistics", "architecture = \"mlp\", or [features] kind = \"raw\""));
    return;
  }
  const int steps = draft.project.window.length_samples;
  const double left = steps / std::pow(model.pool, static_cast<double>(model.filters.size()));
  if (steps == 0 || left >= 1) return;
  problems.add(draft.place("model.pool"),
               impossible(fmt::format("[model] nothing is left of {} samples after pooling by {} in {} blocks", steps,
                                      model.pool, model.filters.size()),
                          "at least one", "", "fewer filters, a smaller pool, or a longer window"));
}

}  // namespace

void check_window(Draft& draft, Problems& problems) {
  WindowSection& window = draft.project.window;
  if (!either_given(draft, "length"))
    problems.add(draft.place("window"), {.code = "project.missing_key",
                                         .what = "[window] length_ms is missing",
                                         .expected = "length_ms, or length_samples",
                                         .try_this = "length_ms = 1000"});
  window.length_samples = resolve_samples(draft, problems, "length", draft.length_ms, window.length_samples);
  window.hop_samples = resolve_samples(draft, problems, "hop", draft.hop_ms, window.hop_samples);
  if (!either_given(draft, "hop")) window.hop_samples = std::max(1, window.length_samples / 2);
  if (window.length_samples == 0 || window.hop_samples <= window.length_samples) return;
  problems.add(draft.place(draft.given("window.hop_ms") ? "window.hop_ms" : "window.hop_samples"),
               impossible("[window] the hop is longer than the window, so samples would be skipped",
                          fmt::format("at most {} samples", window.length_samples),
                          fmt::format("{} samples", window.hop_samples)));
}

void check_features(const Draft& draft, Problems& problems) {
  const std::vector<FeaturesSection>& blocks = draft.project.features;
  for (std::size_t i = 0; i < blocks.size(); ++i)
    check_block({draft, problems, blocks[i], fmt::format("features[{}]", i)});
}

void check_model(const Draft& draft, Problems& problems) {
  if (!draft.project.model.file.empty()) return check_file(draft, problems);
  if (draft.given("model.output"))
    problems.add(draft.place("model.output"),
                 impossible("[model] output is for a network from a file; ours gives logits", "file beside it"));
  check_layers(draft, problems);
}

}  // namespace edgesmith
