using System.Buffers;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations;

/// <summary>`$convert`: what is sent in one format comes back in the one that `Accept` or `_format` asks for. Nothing is stored, and nothing but
/// the form is judged. https://hl7.org/fhir/R4/resource-operation-convert.html</summary>
public static class ConvertForm
{
    public static Answer Perform(Exchange asked)
    {
        var report = new Report();
        if (asked.Request.Body.IsEmpty) return Refuse();
        if (asked.Work.Reading.Parse(asked.Request.Body, report, asked.Request.BodyFormat) is not { } body) return Answer.Invalid(report.Issues);
        var resource = body.Root;
        if (body.Type.Name == "Parameters")
            foreach (var parameter in body.Root.All("parameter"))
                if (parameter.TextOf("name") == "input")
                {
                    if (parameter["resource"].IsMissing) return Refuse();
                    resource = parameter["resource"];
                }
        var written = new ArrayBufferWriter<byte>(asked.Request.Body.Length);
        CanonicalJson.Write(resource, written);
        return new Answer(AnswerKind.Ok) { Body = written.WrittenMemory };
    }

    private static Answer Refuse() => Answer.Refuse(AnswerKind.Malformed, IssueType.Required, "$convert needs a resource: as the body, or as the parameter `input`", key: "parameter");
}
