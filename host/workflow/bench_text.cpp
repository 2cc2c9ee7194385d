// What bench says, as data and as text.

#include <fmt/format.h>

#include "host/report/format.h"
#include "host/report/table.h"
#include "host/workflow/bench_step.h"

namespace edgesmith {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kBarWidth = 16, kNameWidth = 24;

double per_mac(std::uint64_t instructions, std::int64_t macs) {
  return macs == 0 ? 0 : static_cast<double>(instructions) / static_cast<double>(macs);
}

Json classes_json(const InstructionCount& count) {
  Json json;
  for (std::size_t i = 0; i < kInstructionClasses; ++i)
    json[class_name(static_cast<InstructionClass>(i))] = count.by_class[i];
  return json;
}

/// null where nothing is multiplied.
Json per_mac_json(std::uint64_t instructions, std::int64_t macs) {
  return macs == 0 ? Json() : Json(per_mac(instructions, macs));
}

Json operator_json(const OperatorBench& op, std::size_t index) {
  return {{"index", index},
          {"node", op.node},
          {"op", op.kind},
          {"name", op.name},
          {"shapes", op.shapes},
          {"kernels", op.kernels},
          {"macs", op.macs},
          {"instructions", op.count.instructions},
          {"instructions_per_mac", per_mac_json(op.count.instructions, op.macs)},
          {"m4_cycles_estimate", op.count.m4_cycles_estimate},
          {"classes", classes_json(op.count)},
          {"jumps", op.count.jumps},
          {"layout_copy_bytes", op.layout_copy_bytes}};
}

std::uint64_t layout_copies(const Bench& bench) {
  std::uint64_t bytes = 0;
  for (const OperatorBench& op : bench.operators)
    bytes += op.layout_copy_bytes;
  return bytes;
}

double share(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

std::string count_text(std::uint64_t value) {
  return report::count(static_cast<std::int64_t>(value));
}

std::string bar(double part) {
  return std::string(static_cast<std::size_t>(part * kBarWidth + 0.5), '#');
}

std::string operator_table(const Bench& bench) {
  report::Table table("", {{"operator", false},
                           {"kernels", false},
                           {"MACs", true},
                           {"instructions", true},
                           {"a MAC", true},
                           {"M4 cycles", true},
                           {"share", true},
                           {"", false}});
  for (std::size_t i = 0; i < bench.operators.size(); ++i) {
    const OperatorBench& op = bench.operators[i];
    const double part = share(op.count.instructions, bench.total.instructions);
    table.add_row({fmt::format("{:>2} {}", i, report::shortened(op.kind, kNameWidth)), op.kernels,
                   report::count(op.macs), count_text(op.count.instructions),
                   op.macs == 0 ? "" : report::decimal(per_mac(op.count.instructions, op.macs), 2),
                   count_text(op.count.m4_cycles_estimate), report::percent(part), bar(part)});
  }
  return table.text(0);
}

std::string class_line(const InstructionCount& count) {
  std::string text = "instructions by class:";
  const char* separator = " ";
  for (std::size_t i = 0; i < kInstructionClasses; ++i) {
    if (count.by_class[i] == 0) continue;
    text += fmt::format("{}{} {}", separator, class_name(static_cast<InstructionClass>(i)),
                        report::percent(share(count.by_class[i], count.instructions)));
    separator = ", ";
  }
  return text + "\n";
}

std::string memory_lines(const MemoryUse& use) {
  return fmt::format("RAM   {:>9}: arena {}, state {}, stack {}\nflash {:>9}: weights {}, tables {}, code {}\n",
                     report::bytes_text(static_cast<std::int64_t>(use.ram_total())), report::count(use.ram.arena),
                     report::count(use.ram.state), report::count(use.stack),
                     report::bytes_text(static_cast<std::int64_t>(use.flash_total())), report::count(use.weights),
                     report::count(use.tables), report::count(use.code));
}

}  // namespace

Json to_json(const Bench& bench) {
  Json operators = Json::array();
  for (std::size_t i = 0; i < bench.operators.size(); ++i)
    operators.push_back(operator_json(bench.operators[i], i));
  return {{"model", bench.model},
          {"target", bench.board},
          {"kernels", bench.kernels},
          {"instructions", bench.total.instructions},
          {"m4_cycles_estimate", bench.total.m4_cycles_estimate},
          {"m4_cycles_formula", kM4Formula},
          {"macs", bench.macs},
          {"instructions_per_mac", per_mac_json(bench.total.instructions, bench.macs)},
          {"classes", classes_json(bench.total)},
          {"jumps", bench.total.jumps},
          {"layout_copy_bytes", layout_copies(bench)},
          {"output_equal", bench.output_difference.empty()},
          {"output_difference", bench.output_difference},
          {"per_op", operators},
          {"ram", ram_json(bench.memory)},
          {"flash", flash_json(bench.memory)}};
}

std::string to_text(const Bench& bench) {
  std::string text = operator_table(bench);
  text += fmt::format("\n{} on {}, {} kernels: {} instructions an inference, {} MACs", bench.model, bench.board,
                      bench.kernels, count_text(bench.total.instructions), report::count(bench.macs));
  if (bench.macs > 0) text += fmt::format(", {:.2f} a MAC", per_mac(bench.total.instructions, bench.macs));
  text += "\n" + class_line(bench.total);
  text += fmt::format("bytes copied between layouts: {}\n", layout_copies(bench));
  text += fmt::format("Cortex-M4 cycles, an estimate: {}\n  = {}\n", count_text(bench.total.m4_cycles_estimate),
                      kM4Formula);
  text += memory_lines(bench.memory);
  return text + (bench.output_difference.empty()
                     ? std::string("the counted inference gave what the interpreter gives\n")
                     : "THE OUTPUT IS WRONG: " + bench.output_difference + "\n");
}

}  // namespace edgesmith
