#pragma once
// Text tables as loggers write them: cells, nothing interpreted yet.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace edgesmith::dataset {

/// Cells point into the text that was parsed; it must outlive the table.
struct CsvTable {
  char separator = ',';                 // ' ' stands for runs of spaces
  bool decimal_comma = false;           // 0,5 means a half (with another separator)
  std::size_t columns = 0;              // per row; a row number before the first named column is dropped
  std::vector<std::string> names;       // of the columns; empty = the file has no header
  std::vector<std::string_view> cells;  // [rows][columns], trimmed, quotes removed
  std::vector<int> lines;               // line in the file of each row, from 1
  std::vector<std::size_t> breaks;      // rows before which a blank line stood
  std::vector<std::string> guesses;     // what was guessed, for people to read
  std::vector<std::string> skipped;     // what was left out, and why

  std::size_t rows() const {
    return lines.size();
  }
  std::string_view cell(std::size_t row, std::size_t column) const {
    return cells[row * columns + column];
  }
  /// The column's name, or its number from 1.
  std::string title(std::size_t column) const;
};

/// Guesses separator and header. Byte order mark, CR LF, quotes, lines that begin with '#' and a trailing separator
/// are taken. `text` is changed: quotes are undone in place. `file` is for messages. Input is untrusted.
/// Throws Error for what is not text and for a row whose number of fields differs.
CsvTable parse_csv(std::string& text, const std::string& file);

enum class Cell { number, missing, text };

/// Decimal text, whatever the locale; "", nan, na, n/a and null are missing (NaN).
Cell parse_number(std::string_view cell, bool decimal_comma, float& value);
Cell parse_number(std::string_view cell, bool decimal_comma, double& value);

}  // namespace edgesmith::dataset
