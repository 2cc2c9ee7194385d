// train, quantize, evaluate.

#include <fmt/format.h>

#include "host/cli/command.h"
#include "host/workflow/evaluate_step.h"
#include "host/workflow/quantize_step.h"
#include "host/workflow/train_step.h"

namespace edgesmith::cli {
namespace {

void add_train(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "train", "train the network, quantise it, and make the plan", [folder] {
    const TrainResult result = train_project(open_project(*folder));
    Answer answer;
    answer.document = to_json(result);
    const bool trained = result.epochs > 0;  // a network from a file was not
    answer.text = fmt::format("run {}: validation accuracy {:.2f} %, macro F1 {:.4f}{}, {:.1f} s", result.run,
                              100 * result.accuracy, result.macro_f1,
                              trained ? fmt::format(" (epoch {})", result.best_epoch) : "", result.seconds);
    return answer;
  });
  add_project(verb, *folder);
}

void add_quantize(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto run = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "quantize", "quantise a trained run again and make its plan", [folder, run] {
    const QuantizeResult result = quantize_run(open_project(*folder), *run);
    Answer answer;
    answer.document = to_json(result);
    answer.text = fmt::format("run {}: {} bytes of weights, thresholds {}", result.run, result.weights_bytes,
                              result.threshold_source);
    return answer;
  });
  add_project(verb, *folder);
  verb->add_option("--run", *run, "which run; default: the current one");
}

std::string confusion_text(const EvaluateResult& result) {
  std::size_t width = 7;
  for (const std::string& label : result.labels)
    width = std::max(width, label.size() + 2);
  std::string text = fmt::format("{:<{}}", "", width);
  for (const std::string& label : result.labels)
    text += fmt::format("{:>{}}", label, width);
  text += "   (rows true, columns predicted)\n";
  for (std::size_t t = 0; t < result.labels.size(); ++t) {
    text += fmt::format("{:<{}}", result.labels[t], width);
    for (auto count : result.metrics.confusion[t])
      text += fmt::format("{:>{}}", count, width);
    text += "\n";
  }
  return text;
}

Answer answer_of(const EvaluateResult& result) {
  Answer answer;
  answer.document["run"] = result.run;
  answer.document["stage"] = result.stage;
  answer.document["split"] = result.split;
  answer.document.update(evaluate::to_json(result.metrics, result.labels));
  answer.document["labels"] = result.labels;
  answer.document["flagged"] = result.flagged;
  answer.document["unmet"] = result.unmet;
  answer.holds = result.unmet.empty();
  const evaluate::Metrics& m = result.metrics;
  answer.text = fmt::format(
      "{} of {} on {}: accuracy {:.2f} % ({} windows, 95 % interval {:.1f} to {:.1f} %), macro F1 {:.4f}\n"
      "all labelled windows: {:.2f} % of {};  decided: {:.2f} % of windows, {:.2f} % of them right;  flagged: {}\n\n{}",
      result.stage, result.run, result.split, 100 * m.accuracy, m.windows, 100 * m.accuracy_95.low,
      100 * m.accuracy_95.high, m.macro_f1, 100 * m.accuracy_all, m.windows_all, 100 * m.decided.coverage,
      100 * m.decided.accuracy, result.flagged, confusion_text(result));
  for (const std::string& goal : result.unmet)
    answer.text += "not met: " + goal + "\n";
  return answer;
}

void add_evaluate(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto request = std::make_shared<EvaluateRequest>();
  CLI::App* verb = add_verb(app, chosen, "evaluate", "how good is a run: accuracy, F1, confusion",
                            [folder, request] { return answer_of(evaluate_run(open_project(*folder), *request)); });
  add_project(verb, *folder);
  verb->add_option("--split", request->split, "train, validate or test")->capture_default_str();
  verb->add_option("--stage", request->stage, "float, int8 (the plan on the desk) or device")->capture_default_str();
  verb->add_option("--recordings", request->recordings, "a recordings/ folder that the project has never seen");
  verb->add_option("--target", request->board, "board for --stage device; default: [target] board");
  verb->add_option("--run", request->run, "which run; default: the current one");
}

}  // namespace

void add_model_verbs(CLI::App& app, Chosen& chosen) {
  add_train(app, chosen);
  add_quantize(app, chosen);
  add_evaluate(app, chosen);
}

}  // namespace edgesmith::cli
