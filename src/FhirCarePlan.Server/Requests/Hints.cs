using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Units;

namespace FhirCarePlan.Server.Requests;

/// <summary>What a caller most likely meant, said beside the refusal. A hint is made of the request and of who asks, never of what is stored.</summary>
public static class Hints
{
    /// <summary>For the one 404: a PUT to an id that is not there creates nothing for a party that may not choose ids.</summary>
    public static string ForAbsent(Work work, Interaction asked) =>
        asked.Code != "update" || work.InForce.Protocol.Party(work.Caller.Party) is not { ClientIds: false } ? ""
        : " A PUT changes a resource that you see; it creates none, since this server chooses the ids. To create one, POST it to its type.";

    /// <summary>For a body of another type than the address.</summary>
    public static string ForType(Node resource, FhirRequest request) => resource.Type.Name switch
    {
        "Bundle" when resource.TextOf("type") is "batch" or "transaction" => $". Send a batch or transaction to the base: POST {request.BaseUrl}",
        "Bundle" => ". To store what is in the Bundle, give it the type `batch` or `transaction`, and each entry a `request`; "
            + $"then POST it to {request.BaseUrl}",
        "Parameters" => ". Parameters go to an operation, such as `$validate`",
        var type when request.Interaction.Level == Level.Type => $". Send it to {request.BaseUrl}/{type}",
        _ => "",
    };

    /// <summary>For a resource sent to the base, where only a Bundle goes.</summary>
    public static string ForBase(Node resource, FhirRequest request) => resource.Type.Name switch
    {
        "Bundle" => "",
        var type => $". Send a `{type}` to {request.BaseUrl}/{type}",
    };

    /// <summary>400 for a body in the other format than `Content-Type` says; null when it begins as it should.</summary>
    public static Answer? OtherFormat(ReadOnlySpan<byte> body, ResourceFormat said)
    {
        if (body.StartsWith("\uFEFF"u8)) body = body[3..];
        body = body.TrimStart(" \t\r\n"u8);
        if (said == ResourceFormat.Json) return body is [(byte)'<', ..] ? Refuse("XML", "JSON", "application/fhir+xml") : null;
        return body is [(byte)'{' or (byte)'[', ..] ? Refuse("JSON", "XML", "application/fhir+json") : null;

        static Answer Refuse(string sent, string said, string type) => Answer.Refuse(AnswerKind.Malformed, IssueType.Structure,
            $"The body is {sent}, and `Content-Type` says that it is {said}. Send `Content-Type: {type}`", key: "format");
    }
}
