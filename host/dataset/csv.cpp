#include "host/dataset/csv.h"

#include <algorithm>
#include <charconv>
#include <limits>

#include "host/base/error.h"

namespace edgesmith::dataset {
namespace {

constexpr std::size_t kLinesToGuessFrom = 32;

struct Line {
  char* begin;
  char* end;
  int number;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front()))
    text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back()))
    text.remove_suffix(1);
  return text;
}

std::string_view view(const Line& line) {
  return {line.begin, static_cast<std::size_t>(line.end - line.begin)};
}

bool empty(const Line& line) {
  return trimmed(view(line)).find_first_not_of(",;") == std::string_view::npos;
}

void check_is_text(const std::string& text, const std::string& file) {
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (!utf16 && text.find('\0') == std::string::npos) return;
  throw Error{{.code = "import.not_text",
               .what = "this is not a text table",
               .where = file,
               .expected = "UTF-8 or ASCII text",
               .found = utf16 ? "UTF-16 text" : "zero bytes",
               .try_this = utf16 ? "save it as UTF-8" : "leave it out with --include"}};
}

/// Lines without their ends; comments ('#') are left out.
std::vector<Line> split_lines(std::string& text) {
  if (text.find('\n') == std::string::npos) std::replace(text.begin(), text.end(), '\r', '\n');
  char* at = text.data();
  char* const end = at + text.size();
  if (text.starts_with("\xEF\xBB\xBF")) at += 3;
  std::vector<Line> lines;
  for (int number = 1; at < end; ++number) {
    char* stop = std::find(at, end, '\n');
    if (*at != '#') lines.push_back({at, stop > at && stop[-1] == '\r' ? stop - 1 : stop, number});
    at = stop + 1;
  }
  return lines;
}

/// The first candidate that stands outside quotes in every line of the sample.
char guess_separator(const std::vector<Line>& lines) {
  for (const char candidate : {';', '\t', ',', ' '}) {
    std::size_t looked_at = 0, holding = 0;
    for (const Line& line : lines) {
      if (empty(line)) continue;
      if (++looked_at > kLinesToGuessFrom) break;
      bool quoted = false, found = false;
      for (const char c : trimmed(view(line))) {
        if (c == '"') quoted = !quoted;
        found = found || (c == candidate && !quoted);
      }
      holding += found;
    }
    looked_at = std::min(looked_at, kLinesToGuessFrom);
    if (looked_at > 0 && holding == looked_at) return candidate;
  }
  return ',';
}

/// Undoes "a ""b""" in place and returns the cell; `at` moves behind the closing quote.
std::string_view take_quoted(char*& at, char* end) {
  char* const begin = ++at;
  char* write = begin;
  while (at < end) {
    if (*at == '"' && at + 1 < end && at[1] == '"')
      ++at;
    else if (*at == '"')
      break;
    *write++ = *at++;
  }
  if (at < end) ++at;
  return {begin, static_cast<std::size_t>(write - begin)};
}

void split_fields(const Line& line, char separator, std::vector<std::string_view>& fields) {
  fields.clear();
  char* at = line.begin;
  char* end = line.end;
  if (separator == ' ')
    while (end > at && is_blank(end[-1]))
      --end;
  while (true) {
    while (at < end && is_blank(*at) && *at != separator)
      ++at;
    if (separator == ' ')
      while (at < end && is_blank(*at))
        ++at;
    const bool quoted = at < end && *at == '"';
    std::string_view field = quoted ? take_quoted(at, end) : std::string_view{};
    char* const stop = std::find(at, end, separator);
    if (!quoted) field = {at, static_cast<std::size_t>(stop - at)};
    fields.push_back(trimmed(field));
    if (stop >= end) return;
    at = stop + 1;
  }
}

bool is_number(std::string_view cell, bool decimal_comma) {
  double value = 0;
  return parse_number(cell, decimal_comma, value) == Cell::number;
}

bool looks_like_decimal_comma(char separator, const std::vector<std::string_view>& fields) {
  if (separator == ',') return false;
  return std::any_of(fields.begin(), fields.end(), [](std::string_view field) {
    return field.find(',') != std::string_view::npos && is_number(field, true);
  });
}

[[noreturn]] void fail_fields(const std::string& file, const Line& line, std::size_t expected, std::size_t found) {
  throw Error{{.code = "import.fields",
               .what = "this row has another number of fields than the rows before",
               .where = file + ":" + std::to_string(line.number),
               .expected = std::to_string(expected) + " fields",
               .found = std::to_string(found),
               .try_this = "mend or remove the line, or leave the file out with --include"}};
}

/// Builds the table row by row; what the first rows look like decides how the rest is read.
class TableBuilder {
 public:
  TableBuilder(CsvTable& table, const std::string& file, bool ends_with_newline)
      : table_(table), file_(file), ends_with_newline_(ends_with_newline) {}

  void header(const std::vector<std::string_view>& fields) {
    for (const std::string_view field : fields)
      table_.names.emplace_back(field);
  }

  void row(const Line& line, const std::vector<std::string_view>& fields, bool last) {
    if (table_.lines.empty()) first_row(line, fields);
    if (fields.size() != fields_per_row_) {
      if (!last || ends_with_newline_ || fields.size() > fields_per_row_)
        fail_fields(file_, line, fields_per_row_, fields.size());
      table_.skipped.push_back(file_ + ":" + std::to_string(line.number) + ": the last row is cut off");
      return;
    }
    const auto from = fields.begin() + (drops_first_ ? 1 : 0);
    table_.cells.insert(table_.cells.end(), from, from + static_cast<std::ptrdiff_t>(table_.columns));
    table_.lines.push_back(line.number);
  }

 private:
  void first_row(const Line& line, const std::vector<std::string_view>& fields) {
    fields_per_row_ = fields.size();
    table_.columns = fields.size();
    if (table_.names.empty()) {
      if (table_.columns > 1 && fields.back().empty()) --table_.columns;  // "1,2,3," has a trailing separator
      return;
    }
    if (table_.columns == table_.names.size() + 1) {
      --table_.columns;
      drops_first_ = !fields.back().empty();
      if (drops_first_) table_.guesses.push_back("rows have one field more than the header: the first is a row number");
    } else if (table_.columns + 1 == table_.names.size() && table_.names.back().empty()) {
      table_.names.pop_back();
    } else if (table_.columns != table_.names.size()) {
      fail_fields(file_, line, table_.names.size(), fields.size());
    } else if (table_.columns > 1 && table_.names.back().empty() && fields.back().empty()) {
      --table_.columns;
      table_.names.pop_back();
    }
  }

  CsvTable& table_;
  const std::string& file_;
  bool ends_with_newline_;
  bool drops_first_ = false;
  std::size_t fields_per_row_ = 0;
};

std::string separator_name(char separator) {
  switch (separator) {
    case '\t':
      return "tab";
    case ' ':
      return "spaces";
    case ';':
      return "semicolon";
  }
  return "comma";
}

/// A blank line between gestures is a break; when nearly every line is followed by one, they mean nothing.
void drop_meaningless_breaks(CsvTable& table) {
  if (table.breaks.size() * 2 >= table.rows()) table.breaks.clear();
  if (!table.breaks.empty()) table.guesses.push_back("blank lines between rows begin a new recording");
}

/// Of a number that is out of range: too near to zero, or too large?
bool is_tiny(const char* begin, const char* end) {
  const char* exponent = std::find_if(begin, end, [](char c) { return c == 'e' || c == 'E'; });
  if (exponent != end) return exponent + 1 != end && exponent[1] == '-';
  return end - begin > 1 && std::find(begin, end, '.') - begin <= 2;  // 0.000...
}

template <class Number>
Cell parse(std::string_view cell, bool decimal_comma, Number& value) {
  value = std::numeric_limits<Number>::quiet_NaN();
  if (cell.empty()) return Cell::missing;
  char buffer[64];
  if (decimal_comma && cell.size() < sizeof buffer) {
    std::replace_copy(cell.begin(), cell.end(), buffer, ',', '.');
    cell = {buffer, cell.size()};
  }
  const char* begin = cell.data() + (cell.size() > 1 && cell[0] == '+' && cell[1] != '-' ? 1 : 0);
  const char* end = cell.data() + cell.size();
  Number parsed = 0;
  const auto [stop, error] = std::from_chars(begin, end, parsed);
  if (error == std::errc() && stop == end) {
    value = parsed;
    return parsed != parsed ? Cell::missing : Cell::number;
  }
  if (error == std::errc::result_out_of_range && stop == end && is_tiny(begin, end)) {
    value = 0;
    return Cell::number;
  }
  for (const std::string_view word : {"na", "n/a", "null"})
    if (std::equal(cell.begin(), cell.end(), word.begin(), word.end(),
                   [](char a, char b) { return (a | 32) == (b | 32); }))
      return Cell::missing;
  return Cell::text;
}

}  // namespace

std::string CsvTable::title(std::size_t column) const {
  return names.empty() || names[column].empty() ? std::to_string(column + 1) : names[column];
}

Cell parse_number(std::string_view cell, bool decimal_comma, float& value) {
  return parse(cell, decimal_comma, value);
}

Cell parse_number(std::string_view cell, bool decimal_comma, double& value) {
  return parse(cell, decimal_comma, value);
}

CsvTable parse_csv(std::string& text, const std::string& file) {
  check_is_text(text, file);
  const bool ends_with_newline = text.ends_with('\n') || text.ends_with('\r');
  std::vector<Line> lines = split_lines(text);
  while (!lines.empty() && empty(lines.back()))
    lines.pop_back();

  CsvTable table;
  table.separator = guess_separator(lines);
  TableBuilder builder(table, file, ends_with_newline);
  std::vector<std::string_view> fields;
  bool blank_before = false, first = true;
  for (const Line& line : lines) {
    if (empty(line)) {
      blank_before = true;
      continue;
    }
    split_fields(line, table.separator, fields);
    table.decimal_comma =
        table.decimal_comma || (table.rows() == 0 && looks_like_decimal_comma(table.separator, fields));
    const bool header = first && std::none_of(fields.begin(), fields.end(), [&](std::string_view field) {
                          return is_number(field, table.decimal_comma);
                        });
    first = false;
    if (header) {
      builder.header(fields);
      continue;
    }
    if (blank_before && table.rows() > 0) table.breaks.push_back(table.rows());
    blank_before = false;
    builder.row(line, fields, &line == &lines.back());
  }
  table.guesses.push_back("separator: " + separator_name(table.separator) +
                          (table.names.empty() ? ", no header" : ", first line is a header") +
                          (table.decimal_comma ? ", decimal comma" : ""));
  drop_meaningless_breaks(table);
  return table;
}

}  // namespace edgesmith::dataset
