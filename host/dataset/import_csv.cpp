// The stages of one file: cells -> roles of the columns -> stretches (blank lines) -> clock and gaps -> recordings.
#include "host/dataset/import_csv.h"

#include <cmath>

#include "host/base/error.h"
#include "host/dataset/columns.h"
#include "host/dataset/csv.h"
#include "host/dataset/timestamps.h"

namespace edgesmith::dataset {
namespace {

struct Rows {
  std::size_t from, to;
};

class CsvImporter {
 public:
  CsvImporter(const CsvTable& table, const Columns& columns, const std::string& file, const ImportOptions& options,
              FileImport& result)
      : table_(table), columns_(columns), file_(file), options_(options), result_(result) {}

  void run() {
    if (columns_.time) read_times();
    std::size_t from = 0;
    for (std::size_t i = 0; i <= table_.breaks.size(); ++i) {
      const std::size_t to = i < table_.breaks.size() ? table_.breaks[i] : table_.rows();
      take_stretch({from, to});
      from = to;
    }
  }

 private:
  [[noreturn]] void fail_cell(std::size_t row, std::size_t column, const std::string& code, const std::string& what,
                              const std::string& expected, const std::string& try_this) const {
    throw Error{{.code = code,
                 .what = what,
                 .where = file_ + ": row " + std::to_string(table_.lines[row]) + ", column " +
                          std::to_string(column + 1) + " ('" + table_.title(column) + "')",
                 .expected = expected,
                 .found = "'" + std::string(table_.cell(row, column).substr(0, 40)) + "'",
                 .try_this = try_this}};
  }

  void read_times() {
    const std::size_t column = *columns_.time;
    double first = 0;
    const bool dates = parse_date(table_.cell(0, column), first);
    for (std::size_t row = 0; row < table_.rows(); ++row) {
      double time = 0;
      const std::string_view cell = table_.cell(row, column);
      const bool read = dates ? parse_date(cell, time)
                              : parse_number(cell, table_.decimal_comma, time) == Cell::number && std::isfinite(time);
      if (!read)
        fail_cell(row, column, "import.not_a_time", "this is no timestamp",
                  dates ? "a date like 2015-02-02 14:19:00" : "a number",
                  "mend the row, or take another column: --time-column NAME, or none with --rate-hz HZ");
      times_s_.push_back(time);
    }
    TimeUnit unit = {1, "dates"};
    if (!dates) unit = guess_time_unit(table_.names.empty() ? "" : table_.names[column], times_s_, options_.rate_hz);
    for (double& time : times_s_)
      time *= unit.seconds;
    result_.guesses.push_back("time column '" + table_.title(column) + "', " + (dates ? "" : "in ") + unit.name);
  }

  void take_stretch(Rows stretch) {
    Clock clock;
    clock.rate_hz = options_.rate_hz;
    if (columns_.time) {
      const auto times = std::span(times_s_).subspan(stretch.from, stretch.to - stretch.from);
      const Clock measured = measure_clock(times, options_.gap_ms);
      if (measured.rate_hz > 0) clock = measured;
    }
    if (clock.rate_hz <= 0) return fail_or_skip_without_rate(stretch);
    result_.gaps += static_cast<int>(clock.gaps.size());
    std::size_t from = stretch.from;
    for (std::size_t i = 0; i <= clock.gaps.size(); ++i) {
      const std::size_t to = i < clock.gaps.size() ? stretch.from + clock.gaps[i] : stretch.to;
      take_piece({from, to}, clock.rate_hz);
      from = to;
    }
  }

  void fail_or_skip_without_rate(Rows stretch) {
    if (columns_.time && stretch.to - stretch.from < 2) {
      result_.skipped.push_back(file_ + ":" + std::to_string(table_.lines[stretch.from]) +
                                ": a single row, too short to tell a rate");
      return;
    }
    throw Error{{.code = "import.no_rate",
                 .what = columns_.time ? "the timestamps do not advance, so the sampling rate is unknown"
                                       : "there is no timestamp column, so the sampling rate is unknown",
                 .where = file_,
                 .expected = "a time column, or the rate",
                 .found = "columns " + titles(),
                 .try_this = "--rate-hz HZ, or --time-column NAME; or leave the file out with --include GLOB"}};
  }

  std::string titles() const {
    std::string list;
    for (std::size_t column = 0; column < table_.columns; ++column)
      list += (column == 0 ? "" : ", ") + table_.title(column);
    return list;
  }

  void take_piece(Rows rows, double rate_hz) {
    Recording piece;
    piece.channels = columns_.channel_names;
    piece.unit = options_.unit;
    piece.rate_hz = rate_hz;
    piece.rate_asked_hz = options_.rate_hz;
    piece.counts = options_.counts;
    piece.samples.reserve((rows.to - rows.from) * columns_.channels.size());
    for (std::size_t row = rows.from; row < rows.to; ++row)
      for (const std::size_t column : columns_.channels)
        piece.samples.push_back(value(row, column));
    if (columns_.label && options_.label_from.empty()) take_labels(rows, piece);
    result_.pieces.push_back(std::move(piece));
  }

  float value(std::size_t row, std::size_t column) {
    float number = 0;
    const Cell cell = parse_number(table_.cell(row, column), table_.decimal_comma, number);
    if (cell == Cell::text)
      fail_cell(row, column, "import.text", "text in a number column", "a number",
                "mend the row; if the column holds labels: --label-column " + table_.title(column) +
                    "; to choose columns: --channels A,B,C");
    if (options_.counts) check_count(row, column, number);
    result_.missing_values += cell == Cell::missing;
    return number;
  }

  void check_count(std::size_t row, std::size_t column, float number) const {
    if (number >= -32768 && number <= 32767 && std::trunc(number) == number) return;
    fail_cell(row, column, "import.not_a_count", "this is not a 16-bit count", "a whole number from -32768 to 32767",
              "import without --counts, or set [input] type = \"f32\"");
  }

  /// Rows with one label after another become one segment; rows without stay unlabelled.
  void take_labels(Rows rows, Recording& piece) const {
    for (std::size_t row = rows.from; row < rows.to; ++row) {
      const std::string_view label = table_.cell(row, *columns_.label);
      if (label.empty()) continue;
      const auto at = static_cast<std::int64_t>(row - rows.from);
      const bool goes_on = !piece.labels.empty() && piece.labels.back().to == at && piece.labels.back().label == label;
      if (goes_on)
        ++piece.labels.back().to;
      else
        piece.labels.push_back({at, at + 1, std::string(label)});
    }
  }

  const CsvTable& table_;
  const Columns& columns_;
  const std::string& file_;
  const ImportOptions& options_;
  FileImport& result_;
  std::vector<double> times_s_;  // empty without a time column
};

}  // namespace

FileImport import_csv(std::string& text, const std::string& file, const ImportOptions& options) {
  FileImport result;
  const CsvTable table = parse_csv(text, file);
  result.skipped = table.skipped;
  if (table.rows() == 0) {
    result.skipped.push_back(file + ": no rows");
    return result;
  }
  const Columns columns = find_columns(table, file, options);
  if (columns.channels.empty()) {
    result.skipped.push_back(file + ": no column holds numbers");
    return result;
  }
  result.guesses = table.guesses;
  result.guesses.insert(result.guesses.end(), columns.guesses.begin(), columns.guesses.end());
  CsvImporter(table, columns, file, options, result).run();
  return result;
}

}  // namespace edgesmith::dataset
