#pragma once
// A table of ready texts that can be printed as HTML or for a terminal.

#include <string>
#include <vector>

namespace edgesmith::report {

class Table {
 public:
  struct Column {
    std::string title;
    bool number = false;  // right-aligned
  };

  Table(std::string caption, std::vector<Column> columns);
  void add_column(Column column);
  /// As many cells as columns; missing ones are empty, further ones are dropped. The first cell names its row.
  void add_row(std::vector<std::string> cells);

  std::string html() const;
  /// Columns as wide as their widest text, two spaces between them, `indent` before; no caption.
  std::string text(std::size_t indent) const;

 private:
  std::string line(const std::vector<std::string>& cells, std::size_t indent) const;

  std::string caption_;
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace edgesmith::report
