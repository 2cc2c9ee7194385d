#include "host/report/report.h"

namespace edgesmith::report {
namespace {

using Json = nlohmann::ordered_json;

/// [items] with each turned by `turn`.
template <typename Items, typename Turn>
Json list(const Items& items, Turn turn) {
  Json out = Json::array();
  for (const auto& item : items)
    out.push_back(turn(item));
  return out;
}

void add(Json& json, const char* key, Json value) {
  if (!value.empty() && value != "") json[key] = std::move(value);
}

Json figure(const Figure& f) {
  Json json = {{"title", f.title}, {"value", f.value}};
  add(json, "unit", f.unit);
  add(json, "note", f.note);
  if (f.tone != Tone::plain) json["tone"] = f.tone == Tone::good ? "good" : "bad";
  return json;
}

Json road_step(const RoadStep& s) {
  return {{"name", s.name}, {"detail", s.detail}, {"output", s.output}};
}

Json flow(const WindowFlow& f) {
  const auto step = [](const WindowFlow::Step& s) {
    return Json{{"left_out", s.left_out}, {"out", s.out}, {"rest", s.rest}, {"remain", s.remain}};
  };
  const auto part = [](const WindowFlow::Part& p) { return Json{{"name", p.name}, {"windows", p.windows}}; };
  const auto per_class = [](const WindowFlow::PerClass& c) { return Json{{"label", c.label}, {"windows", c.windows}}; };
  return {{"cut", f.cut},
          {"steps", list(f.steps, step)},
          {"splits", list(f.splits, part)},
          {"per_class", list(f.per_class, per_class)},
          {"note", f.note}};
}

Json training(const Training& t) {
  const auto epoch = [](const Epoch& e) {
    return Json{{"epoch", e.epoch},     {"train_loss", e.train_loss},       {"val_accuracy", e.val_accuracy},
                {"val_f1", e.val_f1},   {"val_precision", e.val_precision}, {"val_recall", e.val_recall},
                {"lr", e.learning_rate}};
  };
  return {{"best_epoch", t.best_epoch}, {"rule", t.rule}, {"epochs", list(t.epochs, epoch)}};
}

Json result(const StageResult& r) {
  const auto score = [](const ClassScore& s) {
    return Json{{"precision", s.precision}, {"recall", s.recall}, {"f1", s.f1}, {"support", s.support}};
  };
  return {{"stage", r.stage},
          {"note", r.note},
          {"split", r.split},
          {"windows", r.windows},
          {"accuracy", r.accuracy},
          {"accuracy_95", {r.accuracy_low, r.accuracy_high}},
          {"macro_f1", r.macro_f1},
          {"windows_all", r.windows_all},
          {"accuracy_all", r.accuracy_all},
          {"decided", {{"coverage", r.coverage}, {"accuracy", r.decided_accuracy}, {"reject_rate", r.reject_rate}}},
          {"per_class", list(r.per_class, score)},
          {"confusion", r.confusion},
          {"row_share", r.row_share}};
}

Json decision(const DecisionRules& d) {
  const auto per_class = [](const DecisionRules::PerClass& c) {
    return Json{{"label", c.label}, {"threshold", c.threshold}, {"cooldown", c.cooldown}};
  };
  return {{"rules", list(d.rules, figure)}, {"per_class", list(d.per_class, per_class)}, {"note", d.note}};
}

Json verification(const Verification& v) {
  const auto back_end = [](const Verification::BackEnd& b) {
    return Json{{"name", b.name},
                {"windows", b.windows},
                {"mismatches", b.mismatches},
                {"first_difference", b.first_difference}};
  };
  return {{"target", v.target},
          {"windows", v.windows},
          {"mismatches", v.mismatches},
          {"back_ends", list(v.back_ends, back_end)},
          {"note", v.note}};
}

Json instructions(const Instructions& i) {
  const auto bin = [](const Instructions::Bin& b) {
    return Json{{"from", b.from}, {"to", b.to}, {"windows", b.windows}};
  };
  const auto stage = [&bin](const Instructions::Stage& s) {
    return Json{{"name", s.name}, {"median", s.median}, {"max", s.max}, {"histogram", list(s.histogram, bin)}};
  };
  return {{"target", i.target},
          {"windows", i.windows},
          {"resolution", i.resolution},
          {"stages", list(i.stages, stage)},
          {"estimates", list(i.estimates, figure)}};
}

Json arena(const Arena& a) {
  const auto tensor = [](const Arena::Tensor& t) {
    return Json{{"name", t.name},   {"shape", t.shape},       {"offset_bytes", t.offset_bytes},
                {"bytes", t.bytes}, {"first_op", t.first_op}, {"last_op", t.last_op}};
  };
  return {{"bytes", a.bytes},
          {"lower_bound_bytes", a.lower_bound_bytes},
          {"ops", a.ops},
          {"tensors", list(a.tensors, tensor)}};
}

Json memory(const Memory& m) {
  const auto part = [](const Memory::Part& p) { return Json{{"name", p.name}, {"bytes", p.bytes}, {"note", p.note}}; };
  return {{"name", m.name},
          {"parts", list(m.parts, part)},
          {"total_bytes", m.total_bytes},
          {"budget_bytes", m.budget_bytes},
          {"used_share", m.used_share},
          {"budget_source", m.budget_source}};
}

Json contract(const TensorContract& t) {
  return {{"role", t.role},      {"name", t.name},   {"shape", t.shape},
          {"dtype", t.dtype},    {"scale", t.scale}, {"zero_point", t.zero_point},
          {"meaning", t.meaning}};
}

}  // namespace

Json to_json(const Report& r) {
  Json json = {{"project", r.project}};
  add(json, "version", r.version);
  add(json, "plan_id", r.plan_id);
  add(json, "run", r.run);
  add(json, "target", r.target);
  add(json, "tool", r.tool);
  add(json, "headline", list(r.headline, figure));
  add(json, "labels", r.labels);
  add(json, "road", list(r.road, road_step));
  if (r.flow) json["flow"] = flow(*r.flow);
  if (!r.training.epochs.empty()) json["training"] = training(r.training);
  add(json, "results", list(r.results, result));
  if (r.decision) json["decision"] = decision(*r.decision);
  if (r.verification) json["verification"] = verification(*r.verification);
  if (r.instructions) json["instructions"] = instructions(*r.instructions);
  if (r.arena) json["arena"] = arena(*r.arena);
  add(json, "memory", list(r.memory, memory));
  add(json, "contract", list(r.contract, contract));
  add(json, "notes", r.notes);
  return json;
}

}  // namespace edgesmith::report
