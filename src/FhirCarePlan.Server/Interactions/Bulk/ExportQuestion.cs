using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Operations.Terminology;
using FhirCarePlan.Server.Requests;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Interactions.Bulk;

/// <summary>The question of an `$export`, judged before anything is promised.
/// https://hl7.org/fhir/uv/bulkdata/STU2/export.html#query-parameters</summary>
internal static class ExportQuestion
{
    private static readonly string[] Allowed = ["_outputFormat", "_since", "_type", "_typeFilter", "patient"];
    private static readonly string[] Formats = ["application/fhir+ndjson", "application/ndjson", "ndjson"];
    private const int MostPatients = 1000;

    /// <summary>Null, with a refusal.</summary>
    public static BulkJob? Read(Exchange asked, out Answer? refusal)
    {
        var (work, request) = (asked.Work, asked.Request);
        if (OperationParameters.Read(asked, Allowed, out refusal, request.IsLenient) is not { } parameters) return null;
        var on = request.Interaction.On;
        var isOfPatients = on != null;
        IReadOnlyList<string> types = isOfPatients ? Compartment.Members(work, "Patient") : [.. work.Engine.Types.All.Where(Inclusion.IsOn)];
        var named = string.Join(',', parameters.Texts("_type"));
        refusal = parameters.Text("_outputFormat") is { } format && !Formats.Contains(format.Replace(' ', '+')) ? Refuse(IssueType.NotSupported, $"`_outputFormat` must be one of {string.Join(", ", Formats)}")
            : parameters.Text("_since") is { } text && work.Engine.Queries.Date(text) is null ? Refuse(IssueType.Invalid, "`_since` must be a time, such as 2026-11-30T09:00:00Z")
            : parameters.Has("patient") && !isOfPatients ? Refuse(IssueType.NotSupported, "`patient` goes with Patient/$export and Group/[id]/$export")
            : named.Length > 0 && TypeList.Read(named, types, work.Engine.Types, out types) is { } wrong ? wrong : null;
        if (refusal != null) return null;
        var job = BulkJob.New(work, request, $"{(on is null ? "" : request.Id.Length > 0 ? $"{on}/{request.Id}/" : $"{on}/")}$export") with
        {
            Group = on == "Group" ? request.Id : null,
            IsOfPatients = isOfPatients,
            Types = types,
            Since = parameters.Text("_since"),
            Filters = [.. parameters.Texts("_typeFilter").SelectMany(f => f.Split(',')).Where(f => f.Length > 0)],
        };
        if (parameters.Has("patient"))
        {
            var patients = parameters.Values("patient").Select(node => Reference.Of(node) is ("Patient", { } id) ? id : null).ToList();
            if (patients.Contains(null) || patients.Count > MostPatients)
            {
                refusal = Refuse(IssueType.Invalid, $"`patient` must be references to Patients, at most {MostPatients}");
                return null;
            }
            job = job with { Patients = [.. patients.Select(p => p!).Distinct()] };
        }
        refusal = job.Types.Select(type => ExportQueries.Check(work, job, type)).FirstOrDefault(fault => fault != null)
            ?? job.Filters.Where(f => !job.Types.Contains(f.Split('?')[0])).Select(_ => Refuse(IssueType.Invalid, "`_typeFilter` must be `Type?query` of a type that is exported")).FirstOrDefault();
        return refusal is null ? job : null;
    }

    public static Answer Refuse(string code, string text) => Answer.Refuse(AnswerKind.Malformed, code, text, key: "parameter");
}
