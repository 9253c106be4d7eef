using System.Globalization;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>What an operation was asked: parameters of the address, of a body of Parameters, or of both.
/// https://hl7.org/fhir/R4/operations.html#executing</summary>
internal sealed class OperationParameters
{
    private readonly Dictionary<string, List<(string? Text, Node Value)>> given = new(StringComparer.Ordinal);

    /// <summary>Null, with a refusal, when they cannot be understood.</summary>
    /// <param name="allowed">Names that the operation takes.</param>
    /// <param name="isLenient">Others are left out.</param>
    public static OperationParameters? Read(Exchange asked, IReadOnlyList<string> allowed, out Answer? refusal, bool isLenient = false)
    {
        var read = new OperationParameters();
        refusal = read.ReadAddress(asked.Request.Query) ?? read.ReadBody(asked);
        if (refusal == null && !isLenient && read.given.Keys.FirstOrDefault(n => !allowed.Contains(n)) != null)
            refusal = Refuse(IssueType.NotSupported, $"{asked.Request.Interaction.Name} takes only the parameters {string.Join(", ", allowed.Select(n => $"`{n}`"))}");
        return refusal == null ? read : null;
    }

    public static Answer Refuse(string code, string text) => Answer.Refuse(AnswerKind.Malformed, code, text, key: "parameter");

    public bool Has(string name) => given.ContainsKey(name);

    /// <summary>Null when it was not given; the last one counts.</summary>
    public string? Text(string name) => given.TryGetValue(name, out var values) ? values[^1].Text : null;

    public IEnumerable<string> Texts(string name) => given.TryGetValue(name, out var values) ? values.Select(v => v.Text).OfType<string>() : [];

    /// <summary>A value with parts (a Coding, a ValueSet); Missing when it was not given.</summary>
    public Node Value(string name) => given.TryGetValue(name, out var values) ? values[^1].Value : Node.Missing;

    public IEnumerable<Node> Values(string name) => given.TryGetValue(name, out var values) ? values.Select(v => v.Value) : [];

    /// <summary>False for one that was given several times, or as something with parts.</summary>
    public bool IsOne(string name) => !given.TryGetValue(name, out var values) || values is [{ Text: not null }];

    public bool IsTrue(string name) => Text(name) == "true";

    /// <summary>Null if the caller did not send it; -1 if the caller sent something other than a whole number from 0.</summary>
    public int? Number(string name) =>
        Text(name) is not { } text ? null : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private Answer? ReadAddress(string query)
    {
        foreach (var (name, value) in QueryParser.Pairs(query))
        {
            if (name is "_format" or "_pretty") continue;
            if (value.Length == 0) return Refuse(IssueType.Invalid, $"The parameter `{Short(name)}` has no value");
            Add(name, value, Node.Missing);
        }
        return null;
    }

    private Answer? ReadBody(Exchange asked)
    {
        if (asked.Request.Body.Length == 0) return null;
        var report = new Report();
        if (asked.Work.Reading.Parse(asked.Request.Body, report, asked.Request.BodyFormat) is not { } body) return Answer.Invalid(report.Issues);
        if (body.Root.Type.Name != "Parameters") return Refuse(IssueType.Invalid, $"The body must be Parameters, found `{body.Root.Type.Name}`");
        foreach (var parameter in body.Root.All("parameter"))
        {
            var value = parameter["value"].IsMissing ? parameter["resource"] : parameter["value"];
            if (parameter.TextOf("name") is not { } name || value.IsMissing || value.Type.IsPrimitive && !value.HasValue)
                return Refuse(IssueType.Invalid, "A parameter has no name or no value");
            Add(name, value.Type.IsPrimitive ? value.Text : null, value);
        }
        return null;
    }

    private void Add(string name, string? text, Node value)
    {
        if (given.TryGetValue(name, out var values)) values.Add((text, value));
        else given[name] = [(text, value)];
    }

    private static string Short(string name) => name.Length <= 40 ? name : name[..40] + "…";
}
