#include "host/train/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "host/base/error.h"
#include "host/base/files.h"

namespace edgesmith::train {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kHeader = "epoch,train_loss,val_accuracy,val_f1,val_precision,val_recall,lr,best_flag";

struct ClassCounts {
  int truth = 0, predicted = 0, both = 0;
};

double share(int part, int whole) {
  return whole == 0 ? 0 : double{static_cast<double>(part)} / whole;
}

std::vector<ClassCounts> count(std::span<const float> scores, std::span<const std::int32_t> truth, int classes) {
  std::vector<ClassCounts> counts(static_cast<std::size_t>(classes));
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = scores.subspan(i * counts.size(), counts.size());
    const auto predicted = static_cast<std::size_t>(std::max_element(row.begin(), row.end()) - row.begin());
    const auto actual = static_cast<std::size_t>(truth[i]);
    ++counts[actual].truth;
    ++counts[predicted].predicted;
    counts[actual].both += predicted == actual;
  }
  return counts;
}

[[noreturn]] void refuse(const std::filesystem::path& file, const std::string& expected, const std::string& found) {
  throw Error{{.code = "train.result_unreadable",
               .what = "this is not what a training writes",
               .where = file.string(),
               .expected = expected,
               .found = found,
               .try_this = "train again"}};
}

}  // namespace

ValidationScore score(std::span<const float> scores, std::span<const std::int32_t> truth, int classes) {
  ValidationScore sum;
  int correct = 0, present = 0;
  for (const ClassCounts& c : count(scores, truth, classes)) {
    correct += c.both;
    if (c.truth == 0) continue;
    ++present;
    sum.precision += share(c.both, c.predicted);
    sum.recall += share(c.both, c.truth);
    sum.macro_f1 += share(2 * c.both, c.truth + c.predicted);
  }
  const double n = std::max(present, 1);
  return {share(correct, static_cast<int>(truth.size())), sum.macro_f1 / n, sum.precision / n, sum.recall / n};
}

std::string metrics_text(const std::vector<EpochRow>& rows) {
  std::string text = std::string(kHeader) + "\n";
  for (const EpochRow& row : rows) {
    text +=
        fmt::format("{},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.9g},{}\n", row.epoch, row.train_loss, row.val.accuracy,
                    row.val.macro_f1, row.val.precision, row.val.recall, row.learning_rate, row.best ? 1 : 0);
  }
  return text;
}

std::vector<EpochRow> read_metrics(const std::filesystem::path& csv) {
  const std::string text = read_text(csv);
  std::size_t at = text.find('\n');
  if (text.substr(0, at) != kHeader) refuse(csv, kHeader, text.substr(0, at));
  std::vector<EpochRow> rows;
  while (at != std::string::npos && at + 1 < text.size()) {
    const std::size_t end = text.find('\n', at + 1);
    const std::string line = text.substr(at + 1, end - at - 1);
    EpochRow row;
    int best = 0;
    if (std::sscanf(line.c_str(), "%d,%lf,%lf,%lf,%lf,%lf,%lf,%d", &row.epoch, &row.train_loss, &row.val.accuracy,
                    &row.val.macro_f1, &row.val.precision, &row.val.recall, &row.learning_rate, &best) != 8) {
      refuse(csv, "eight numbers in a row", line);
    }
    row.best = best != 0;
    rows.push_back(row);
    at = end;
  }
  return rows;
}

void write_result(const std::filesystem::path& file, const TrainingResult& result) {
  const Json json = {{"epochs", result.epochs},
                     {"best_epoch", result.best_epoch},
                     {"val",
                      {{"accuracy", result.val.accuracy},
                       {"macro_f1", result.val.macro_f1},
                       {"precision", result.val.precision},
                       {"recall", result.val.recall}}},
                     {"seconds", result.seconds}};
  write_text(file, json.dump(2) + "\n");
}

TrainingResult read_result(const std::filesystem::path& file) {
  try {
    const Json json = Json::parse(read_text(file));
    const Json& val = json.at("val");
    return {json.at("epochs").get<int>(),
            json.at("best_epoch").get<int>(),
            {val.at("accuracy").get<double>(), val.at("macro_f1").get<double>(), val.at("precision").get<double>(),
             val.at("recall").get<double>()},
            json.at("seconds").get<double>()};
  } catch (const Json::exception& error) {
    refuse(file, "epochs, best_epoch, val and seconds", error.what());
  }
}

}  // namespace edgesmith::train
