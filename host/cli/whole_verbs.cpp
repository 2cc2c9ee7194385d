// make, report, targets: the whole.

#include <fmt/format.h>

#include "host/cli/command.h"
#include "host/project/project.h"
#include "host/target/profile.h"
#include "host/workflow/make_step.h"
#include "host/workflow/operators_reference.h"
#include "host/workflow/report_step.h"

namespace edgesmith::cli {
namespace {

Answer make_answer(const MakeResult& result) {
  Answer answer;
  answer.document = to_json(result);
  for (const MadeStep& step : result.steps) {
    answer.text += step.ran ? fmt::format("{:<7} {}\n", step.name, step.note) : fmt::format("{:<7} fresh\n", step.name);
  }
  answer.text += fmt::format("plan    {}\nreport  {}\n", result.plan_id, result.report);
  for (const std::string& unmet : result.unmet)
    answer.text += "not met: " + unmet + "\n";
  answer.holds = result.unmet.empty();
  return answer;
}

void add_make(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto fresh = std::make_shared<bool>(false);
  CLI::App* verb = add_verb(app, chosen, "make", "every step that is stale: import, train, plan, build, report",
                            [folder, fresh] { return make_answer(make_project(open_project(*folder), *fresh)); });
  add_project(verb, *folder);
  verb->add_flag("--fresh", *fresh, "all steps, stale or not");
}

void add_report(CLI::App& app, Chosen& chosen) {
  auto folder = std::make_shared<std::string>();
  auto run = std::make_shared<std::string>();
  CLI::App* verb = add_verb(app, chosen, "report", "evaluate, test and write the report page of a run", [folder, run] {
    const Project project = open_project(*folder);
    const Run found = find_run(project, *run);
    const ReportResult result = report_run(project, found);
    Answer answer;
    answer.document["page"] = found.report().string();
    answer.document["report"] = report::to_json(result.report);
    answer.document["unmet"] = result.unmet;
    answer.text = report::to_text(result.report) + "\n" + found.report().string();
    answer.holds = result.unmet.empty();
    return answer;
  });
  add_project(verb, *folder);
  verb->add_option("--run", *run, "which run; default: the current one");
}

std::string ability(const std::string& missing) {
  return missing.empty() ? "yes" : "no";
}

void add_targets(CLI::App& app, Chosen& chosen) {
  add_verb(app, chosen, "targets", "the boards that are known, and what works on each here", [] {
    Answer answer;
    answer.text = fmt::format("{:<22} {:<22} {:>9} {:>9}  build  test\n", "board", "core", "flash", "RAM");
    for (const TargetProfile& target : list_targets()) {
      const auto bytes = [](const std::optional<MemoryRegion>& region) { return region ? region->bytes : 0; };
      const auto size = [&](const auto& region) {
        return region ? fmt::format("{} KB", bytes(region) / 1024) : std::string("-");
      };
      answer.text += fmt::format("{:<22} {:<22} {:>9} {:>9}  {:<5}  {}\n", target.name, target.core, size(target.flash),
                                 size(target.ram), ability(target.missing.build), ability(target.missing.test));
      answer.document["targets"].push_back(
          {{"name", target.name},
           {"title", target.title},
           {"core", target.core},
           {"kernel_set", target.kernel_set},
           {"flash", bytes(target.flash)},
           {"ram", bytes(target.ram)},
           {"missing",
            {{"build", target.missing.build}, {"flash", target.missing.flash}, {"test", target.missing.test}}}});
    }
    return answer;
  });
}

void add_reference(CLI::App& app, Chosen& chosen) {
  auto page = std::make_shared<std::string>("project");
  CLI::App* verb = add_verb(app, chosen, "reference", "print a page of the reference (Markdown)", [page] {
    Answer answer;
    answer.text = *page == "operators" ? operators_reference() : project_reference();
    answer.document["reference"] = answer.text;
    return answer;
  });
  verb->add_option("page", *page, "project: edgesmith.toml; operators: of networks from elsewhere")
      ->check(CLI::IsMember({"project", "operators"}));
}

}  // namespace

void add_whole_verbs(CLI::App& app, Chosen& chosen) {
  add_make(app, chosen);
  add_report(app, chosen);
  add_targets(app, chosen);
  add_reference(app, chosen);
}

}  // namespace edgesmith::cli
