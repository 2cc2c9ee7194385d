// The table of keys, first part: what the project is, what comes in, how it is cleaned.

#include "host/project/keys.h"

namespace edgesmith {
namespace {

Section project_section() {
  return {
      "project",
      Repeat::once,
      "What this is.",
      {
          {"name", "", of_project<&Project::name>, any(), Need::required, "\"my_project\"",
           "Names the firmware's header and namespace, so: a letter, then letters, digits and underscores, at most "
           "31."},
          {"version", "", of_project<&Project::version>, any(), Need::shown, "", "Told by the firmware's boot line."},
          {"task", "", of_project<&Project::task>,
           one_of({"classification"}, {"multilabel", "detection", "regression", "anomaly"}), Need::optional, "",
           "What the network's outputs mean."},
      }};
}

Section input_section() {
  return {"input",
          Repeat::once,
          "The sensor, as the firmware will push its samples.",
          {
              {"sensor", "", at<&Project::input, &InputSection::sensor>, any(), Need::optional, "\"LSM9DS1\"",
               "Which sensor it is, for people."},
              {"channels", "", at<&Project::input, &InputSection::channels>, any(), Need::required,
               "[\"ax\", \"ay\", \"az\"]", "Names of the values of one sample, in order, at most 32."},
              {"unit", "", at<&Project::input, &InputSection::unit>, any(), Need::required, "\"g\"",
               "Unit of every value after scaling; where channels differ, all of them in one text (\"m/s2, rad/s\")."},
              {"rate_hz", "Hz", at<&Project::input, &InputSection::rate_hz>, above(0, 1e6), Need::required, "100",
               "Samples per second; recordings within 2 % of it count as the same rate."},
              {"type", "", of_draft<&Draft::sample_type>, one_of({"f32", "i16", "u8"}), Need::shown, "",
               "Number type of a pushed value."},
              {"scale", "unit per count", at<&Project::input, &InputSection::scale>, above(0, 1e9), Need::optional, "",
               "Turns counts into the unit; required for i16 and u8, always 1 for f32."},
              {"range", "as unit", of_draft<&Draft::range>, any(), Need::required, "[-4, 4]",
               "Values that the sensor can give; anything outside is held, counted and flags its windows."},
          }};
}

Section data_section() {
  return {
      "data",
      Repeat::once,
      "Where recordings come from, so that import is a step like any other.",
      {
          {"source", "", at<&Project::data, &DataSection::source>, any(), Need::optional, "\"$EDGESMITH_DATA/my_data\"",
           "Folder or archive to import; empty = recordings/ is filled by hand or by the generator."},
          {"generator", "", at<&Project::data, &DataSection::generator>, any(), Need::optional,
           "\"python3 generate.py --into\"",
           "Command, run in the project's folder, that writes recordings; the folder to write is added as its last "
           "argument."},
          {"format", "", at<&Project::data, &DataSection::format>, one_of({"csv", "audio"}), Need::optional, "",
           "What the source's files are."},
          {"include", "", at<&Project::data, &DataSection::include>, any(), Need::optional, "\"**/*.csv\"",
           "Which files below the source are taken (glob); empty = all."},
          {"subject_from", "", at<&Project::data, &DataSection::subject_from>, any(), Need::optional, "'(s\\d+)_'",
           "Regular expression with one group that finds the subject in a file's path."},
          {"session_from", "", at<&Project::data, &DataSection::session_from>, any(), Need::optional, "'(s\\d+_\\d+)'",
           "The same for the session."},
          {"label_from", "", at<&Project::data, &DataSection::label_from>, any(), Need::optional, "'^([^/]+)/'",
           "The same for the label of a whole file."},
          {"channels", "", at<&Project::data, &DataSection::channels>, any(), Need::optional, "[\"x\", \"y\", \"z\"]",
           "Columns by name or number from 1, in the order of [input] channels; empty = called as there."},
          {"unit", "", at<&Project::data, &DataSection::unit>, any(), Need::optional, "\"g\"",
           "Unit of the files; empty = as [input]."},
          {"rate_hz", "Hz", at<&Project::data, &DataSection::rate_hz>, between(0, 1e6), Need::optional, "",
           "Rate of the files; 0 = measured from the time column, else as [input]."},
          {"label_column", "", at<&Project::data, &DataSection::label_column>, any(), Need::optional, "\"label\"",
           "Column that holds a label per sample."},
          {"time_column", "", at<&Project::data, &DataSection::time_column>, any(), Need::optional, "\"timestamp\"",
           "Column of timestamps, from which the rate and the gaps are measured."},
          {"gap_ms", "ms", at<&Project::data, &DataSection::gap_ms>, between(0, 1e9), Need::optional, "",
           "Longer pauses split a recording; 0 = ten sample periods."},
      }};
}

Section conditioning_section() {
  return {
      "conditioning",
      Repeat::steps,
      "One step that cleans every sample; steps run in the order of the file.",
      {
          {"kind", "", of_step<&ConditioningStep::kind>,
           one_of({"clamp", "despike", "median", "ema"},
                  {"moving_average", "low_pass", "high_pass", "band_pass", "gravity_removal"}),
           Need::required, "\"median\"", "What the step does."},
          {"channels", "", of_step<&ConditioningStep::channels>, any(), Need::optional, "[\"ax\"]",
           "Which channels it works on; empty = all."},
          {"low", "as input", of_step<&ConditioningStep::low>, any(), Need::optional, "-2",
           "Smallest value let through.", "kind", "clamp"},
          {"high", "as input", of_step<&ConditioningStep::high>, any(), Need::optional, "2",
           "Largest value let through.", "kind", "clamp"},
          {"max_jump", "as input", of_step<&ConditioningStep::max_jump>, above(0, 1e30), Need::optional, "1.5",
           "Largest believable change between two samples; the value before a larger one is held.", "kind", "despike"},
          {"hold_samples", "samples", of_step<&ConditioningStep::hold_samples>, between(1, 16), Need::optional, "",
           "A jump that stays for longer than this is believed.", "kind", "despike"},
          {"length", "samples", of_step<&ConditioningStep::length>, between(3, 5), Need::optional, "",
           "Samples in the median, 3 or 5.", "kind", "median"},
          {"alpha", "", of_step<&ConditioningStep::alpha>, above(0, 1), Need::optional, "0.2",
           "y moves by alpha * (x - y) with each sample: 1 = no smoothing.", "kind", "ema"},
      }};
}

}  // namespace

std::vector<Section> input_sections() {
  return {project_section(), input_section(), data_section(), conditioning_section()};
}

}  // namespace edgesmith
