#include "host/dataset/columns.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "host/base/error.h"
#include "host/base/text.h"
#include "host/dataset/timestamps.h"

namespace edgesmith::dataset {
namespace {

constexpr std::size_t kRowsToGuessFrom = 64;
constexpr const char* kNone = "none";

/// Letters and digits in lower case: "Time (ms)" -> "timems".
std::string plain(const std::string& name) {
  std::string result;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') result += static_cast<char>(c | 32);
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) result += c;
  }
  return result;
}

bool is_time_name(const std::string& name) {
  const std::string word = plain(name);
  if (word.starts_with("time") || word.starts_with("date")) return true;
  for (const char* known : {"t", "ts", "ms", "us", "millis", "micros", "seconds", "epoch", "unixtime", "utc"})
    if (word == known) return true;
  return false;
}

bool is_label_name(const std::string& name) {
  const std::string word = plain(name);
  for (const char* known : {"label", "labels", "class", "activity", "gesture"})
    if (word == known) return true;
  return false;
}

/// First rows of a column as time; empty when a cell is none.
std::vector<double> first_times(const CsvTable& table, std::size_t column, std::size_t rows = kRowsToGuessFrom) {
  std::vector<double> times;
  for (std::size_t row = 0; row < std::min(table.rows(), rows); ++row) {
    double time = 0;
    const std::string_view cell = table.cell(row, column);
    if (parse_number(cell, table.decimal_comma, time) != Cell::number && !parse_date(cell, time)) return {};
    times.push_back(time);
  }
  return times;
}

/// Time goes forward but for a few steps (a restart, a packet out of order).
bool mostly_rises(const std::vector<double>& times) {
  std::size_t back = 0;
  for (std::size_t i = 1; i < times.size(); ++i)
    back += times[i] < times[i - 1];
  return times.size() > 1 && back * 10 <= times.size() && times.back() > times.front();
}

/// Every step forward, none five times the mean: a counter or a clock, hardly a sensor.
bool rises_steadily(const std::vector<double>& times) {
  if (times.size() < 16) return false;
  const double mean = (times.back() - times.front()) / static_cast<double>(times.size() - 1);
  for (std::size_t i = 1; i < times.size(); ++i) {
    const double step = times[i] - times[i - 1];
    if (step <= 0 || step > 5 * mean) return false;
  }
  return true;
}

bool counts_rows(const CsvTable& table, std::size_t column) {
  const std::vector<double> numbers = first_times(table, column);
  if (numbers.size() < 2 || std::floor(numbers[0]) != numbers[0]) return false;
  for (std::size_t i = 1; i < numbers.size(); ++i)
    if (numbers[i] != numbers[i - 1] + 1) return false;
  return true;
}

/// Text in all of the first rows; a single number makes it a number column, in which text is an error.
bool holds_text(const CsvTable& table, std::size_t column) {
  bool text = false;
  for (std::size_t row = 0; row < std::min(table.rows(), kRowsToGuessFrom); ++row) {
    float value = 0;
    const Cell cell = parse_number(table.cell(row, column), table.decimal_comma, value);
    if (cell == Cell::number) return false;
    text = text || cell == Cell::text;
  }
  return text;
}

std::string quoted(const CsvTable& table, std::size_t column) {
  return "'" + table.title(column) + "'";
}

/// A column by name, or by number from 1.
std::size_t named_column(const CsvTable& table, const std::string& file, const std::string& name) {
  const auto same = std::find(table.names.begin(), table.names.end(), name);
  if (same != table.names.end()) return static_cast<std::size_t>(same - table.names.begin());
  std::size_t number = 0;
  const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (error == std::errc() && stop == name.data() + name.size() && number >= 1 && number <= table.columns)
    return number - 1;
  throw Error{{.code = "import.no_such_column",
               .what = "the table has no column '" + name + "'",
               .where = file,
               .expected = table.names.empty() ? "a number from 1 to " + std::to_string(table.columns)
                                               : "one of " + join(table.names),
               .found = name,
               .try_this = did_you_mean(name, table.names, "name a column, or give its number from 1")}};
}

/// Without a name a column must look like time from its first row to its last: a sensor may well rise for a while.
bool is_nameless_time(const CsvTable& table, std::size_t column) {
  return rises_steadily(first_times(table, column)) && mostly_rises(first_times(table, column, table.rows()));
}

void guess_time(const CsvTable& table, Columns& columns) {
  const auto is_channel = [&columns](std::size_t column) {
    return std::find(columns.channels.begin(), columns.channels.end(), column) != columns.channels.end();
  };
  for (std::size_t column = 0; column < table.names.size(); ++column) {
    if (!is_time_name(table.names[column]) || is_channel(column)) continue;
    if (mostly_rises(first_times(table, column))) {
      columns.time = column;
      return;
    }
    columns.guesses.push_back("column " + quoted(table, column) + " does not rise, so it is not taken for time");
  }
  const bool nameless = table.names.empty() && table.columns > 1;
  if (nameless && !is_channel(0) && is_nameless_time(table, 0)) {
    columns.time = 0;
    columns.guesses.push_back("column 1 rises steadily, so it is taken for time (--time-column none if it is not)");
  }
}

void find_time(const CsvTable& table, const std::string& file, const ImportOptions& options, Columns& columns) {
  if (options.time_column == kNone) return;
  if (options.time_column.empty())
    guess_time(table, columns);
  else
    columns.time = named_column(table, file, options.time_column);
}

void find_label(const CsvTable& table, const std::string& file, const ImportOptions& options, Columns& columns) {
  if (options.label_column == kNone) return;
  if (!options.label_column.empty()) {
    columns.label = named_column(table, file, options.label_column);
    return;
  }
  const auto named = std::find_if(table.names.begin(), table.names.end(), is_label_name);
  if (named == table.names.end()) return;
  columns.label = static_cast<std::size_t>(named - table.names.begin());
  const std::string who = "label column " + quoted(table, *columns.label);
  columns.guesses.push_back(options.label_from.empty() ? who : who + " is not used: --label-from tells the label");
}

void guess_channels(const CsvTable& table, Columns& columns) {
  for (std::size_t column = 0; column < table.columns; ++column) {
    if (column == columns.time || column == columns.label) continue;
    const bool nameless = !table.names.empty() && table.names[column].empty();
    if (nameless && counts_rows(table, column))
      columns.guesses.push_back("column 1 has no name and counts the rows, so it is left out");
    else if (!table.names.empty() && is_time_name(table.names[column]) && holds_text(table, column))
      columns.guesses.push_back("column " + quoted(table, column) + " holds dates, so it is left out");
    else if (holds_text(table, column))
      columns.guesses.push_back("column " + quoted(table, column) + " holds text, so it is left out");
    else
      columns.channels.push_back(column);
  }
}

/// The project's channels, when the table has a column of each name.
std::vector<std::size_t> columns_called(const std::vector<std::string>& names, const CsvTable& table) {
  std::vector<std::size_t> found;
  for (const std::string& name : names) {
    const auto same = std::find(table.names.begin(), table.names.end(), name);
    if (same != table.names.end()) found.push_back(static_cast<std::size_t>(same - table.names.begin()));
  }
  return found.size() == names.size() ? found : std::vector<std::size_t>{};
}

/// As many columns as the project has channels, none of them called like one: they must be those, in this order.
bool stand_for(const std::vector<std::string>& names, const Columns& columns) {
  const auto known = [&](const std::string& column) {
    return std::find(names.begin(), names.end(), column) != names.end();
  };
  return !names.empty() && names.size() == columns.channels.size() &&
         std::none_of(columns.channel_names.begin(), columns.channel_names.end(), known);
}

void name_channels(const CsvTable& table, const std::string& file, const ImportOptions& options, Columns& columns) {
  for (const std::size_t column : columns.channels)
    columns.channel_names.push_back(
        table.names.empty() || table.names[column].empty() ? "ch" + std::to_string(column + 1) : table.names[column]);
  if (options.channel_names.empty()) {
    if (!stand_for(options.project_channels, columns)) return;
    columns.guesses.push_back("channels " + join(columns.channel_names) + " are the project's " +
                              join(options.project_channels));
    columns.channel_names = options.project_channels;
    return;
  }
  if (options.channel_names.size() != columns.channels.size())
    throw Error{{.code = "import.channel_names",
                 .what = "there are not as many channel names as channels",
                 .where = file,
                 .expected = std::to_string(columns.channels.size()) + " names for " + join(columns.channel_names),
                 .found = std::to_string(options.channel_names.size()) + ": " + join(options.channel_names),
                 .try_this = "choose the columns with --channels"}};
  columns.channel_names = options.channel_names;
}

}  // namespace

Columns find_columns(const CsvTable& table, const std::string& file, const ImportOptions& options) {
  Columns columns;
  for (const std::string& name : options.channels)
    columns.channels.push_back(named_column(table, file, name));
  if (options.channels.empty() && options.channel_names.empty())
    columns.channels = columns_called(options.project_channels, table);
  find_time(table, file, options, columns);
  find_label(table, file, options, columns);
  if (columns.channels.empty()) guess_channels(table, columns);
  name_channels(table, file, options, columns);
  return columns;
}

}  // namespace edgesmith::dataset
