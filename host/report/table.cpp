#include "host/report/table.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/report/format.h"

namespace edgesmith::report {

Table::Table(std::string caption, std::vector<Column> columns)
    : caption_(std::move(caption)), columns_(std::move(columns)) {}

void Table::add_column(Column column) {
  columns_.push_back(std::move(column));
}

void Table::add_row(std::vector<std::string> cells) {
  cells.resize(columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::html() const {
  std::string head, body;
  for (const auto& c : columns_)
    head += fmt::format("<th scope=\"col\"{}>{}</th>", c.number ? " class=\"num\"" : "", escape(c.title));
  for (const auto& row : rows_) {
    body += fmt::format("<tr><th scope=\"row\">{}</th>", escape(row[0]));
    for (std::size_t c = 1; c < row.size(); ++c)
      body += fmt::format("<td{}>{}</td>", columns_[c].number ? " class=\"num\"" : "", escape(row[c]));
    body += "</tr>\n";
  }
  return fmt::format(
      "<div class=\"scroll\"><table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>\n{}</tbody></table></div>",
      escape(caption_), head, body);
}

std::string Table::line(const std::vector<std::string>& cells, std::size_t indent) const {
  std::string out(indent, ' ');
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    std::size_t wide = width(columns_[c].title);
    for (const auto& row : rows_)
      wide = std::max(wide, width(row[c]));
    const std::string padding(wide - width(cells[c]), ' ');
    out += columns_[c].number ? padding + cells[c] : cells[c] + padding;
    out += "  ";
  }
  while (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out + "\n";
}

std::string Table::text(std::size_t indent) const {
  std::vector<std::string> titles;
  for (const auto& c : columns_)
    titles.push_back(c.title);
  std::string out = line(titles, indent);
  for (const auto& row : rows_)
    out += line(row, indent);
  return out;
}

}  // namespace edgesmith::report
