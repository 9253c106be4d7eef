using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Published;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Patching;
using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Auditing;
using FhirCarePlan.Server.Core;
using FhirCarePlan.Server.Interactions.Many;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Interactions;

/// <summary>The contents of the capability statement.</summary>
/// <param name="Search">Type → its search parameters.</param>
/// <param name="Profiles">Type → canonicals.</param>
/// <param name="HasClientIds">A party may choose the ids of what it creates.</param>
/// <param name="DeletesSeveral">A delete by criteria may delete several resources.</param>
/// <param name="Since">The date since which the server is as stated.</param>
/// <param name="Smart">The addresses of the provider of tokens, as far as it has told them.</param>
public sealed record CapabilityFacts(IReadOnlyList<string> Types, Func<string, IReadOnlyList<SearchParameter>> Search, Func<string, IReadOnlyList<string>> Profiles,
    SizeLimits Limits, bool HasClientIds, bool DeletesSeveral, DateTimeOffset Since, InteractionTable Table, Func<SmartAddresses?> Smart)
{
    /// <summary>Pages of other origins may call this server.</summary>
    public bool HasCors { get; init; }
}

/// <summary>The CapabilityStatement: it depends on what is served and is the same for every caller.
/// https://hl7.org/fhir/R4/capabilitystatement.html</summary>
public sealed class Capabilities(CapabilityFacts facts)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private sealed record Made(SmartAddresses? Smart, byte[] Json);

    /// <summary>All but the address of the base; made again when the provider of tokens has moved.</summary>
    private volatile Made? made;

    private byte[] Rest()
    {
        var smart = facts.Smart();
        if (made is { } last && last.Smart == smart) return last.Json;
        var json = Json(json => WriteRest(json, facts, smart));
        made = new Made(smart, json);
        return json;
    }

    /// <summary>As an interaction. https://hl7.org/fhir/R4/http.html#capabilities</summary>
    public static Task<Answer> Answer(Pipeline pipeline, FhirRequest request, CancellationToken cancel) => Task.FromResult(pipeline.Engine.Capabilities(request.BaseUrl));

    public Answer For(string baseUrl) => new(AnswerKind.Ok) { Body = Write(baseUrl) };

    /// <summary>Canonical JSON: elements in the order of the definition.</summary>
    private byte[] Write(string baseUrl) => Json(json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "CapabilityStatement");
        json.WriteString("status", "active");
        json.WriteString("date", facts.Since.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteString("kind", "instance");
        json.WriteStartObject("software");
        json.WriteString("name", "FhirCarePlan");
        json.WriteString("version", Assembly.GetExecutingAssembly().GetName().Version!.ToString(3));
        json.WriteEndObject();
        json.WriteStartObject("implementation");
        json.WriteString("description", "Care plans under the English Care Programme Approach, shared between agencies by a sharing agreement");
        json.WriteString("url", baseUrl);
        json.WriteEndObject();
        json.WriteString("fhirVersion", "4.0.1");
        Texts(json, "format", "json", "xml", "application/fhir+json", "application/fhir+xml");
        Texts(json, "patchFormat", "application/fhir+json", "application/fhir+xml", PatchTypes.Json, PatchTypes.Xml);
        json.WriteStartArray("rest");
        json.WriteRawValue(Rest(), skipInputValidation: true);
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(64 << 10);
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteRest(Utf8JsonWriter json, CapabilityFacts facts, SmartAddresses? smart)
    {
        json.WriteStartObject();
        json.WriteString("mode", "server");
        json.WriteString("documentation", Documentation(facts.Limits));
        CapabilitySecurity.Write(json, smart, facts.HasCors);
        json.WriteStartArray("resource");
        foreach (var type in facts.Types) WriteResource(json, facts, type);
        json.WriteEndArray();
        Codes(json, "interaction", ["transaction", "batch", .. facts.Table.All.Where(i => i is { Level: Level.System, AsksOfMany: true, IsOperation: false }).Select(i => i.Code).Distinct()]);
        json.WriteStartArray("searchParam");
        foreach (var name in (string[])["_content", "_filter", "_list", "_text"])
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("definition", $"http://hl7.org/fhir/SearchParameter/{(name == "_text" ? "DomainResource" : "Resource")}-{name[1..]}");
            json.WriteString("type", name is "_text" or "_content" ? "string" : "special");
            json.WriteString("documentation", "Of types that are kept as resources; not of AuditEvent, nor of definitions");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Operations(json, facts.Table.All.Where(i => i.Level == Level.System));
        Texts(json, "compartment", [.. Compartment.Owners.Where(facts.Types.Contains).Select(owner => $"http://hl7.org/fhir/CompartmentDefinition/{char.ToLowerInvariant(owner[0])}{owner[1..]}")]);
        json.WriteEndObject();
    }

    private static string Documentation(SizeLimits limits)
    {
        var parse = ParseLimits.Default;
        return $"""
            Limits: body {limits.Body >> 20} MB, of types that carry attachments {limits.Attached >> 20} MB; bundle {limits.Bundle >> 20} MB and {limits.BundleEntries} entries; depth {parse.Depth}; strings of {parse.StringLength} characters; attachments of 20 MB; address {limits.Url >> 10} KB; numbers of {parse.NumberDigits} digits and exponents up to {parse.Exponent}; `_count` up to 1000.
            Totals: exact if `_total=accurate` or `estimate` asks; without `_total` only up to {SearchQuery.CheapTotal} matches, or as many as a page holds. Links: `first`, `previous`, `next`.
            Updates and deletes of {string.Join(", ", StoredTypes.Core)} need `If-Match`. Chains (`patient.identifier=`, `subject:Patient.name=`) and `_has` (`_has:CarePlan:patient:status=`), each also behind the other, follow up to three references in the caller's view. An unknown search parameter is an error unless `Prefer: handling=lenient` is sent.
            {string.Join(", ", Catalogue.Types)} hold what this server works by, the same for every caller; what is sent there is a draft, which `$validate?profile=` may name and nothing enforces.
            What is not in the caller's view is answered as if it did not exist.
            """.ReplaceLineEndings(" ");
    }

    private static void WriteResource(Utf8JsonWriter json, CapabilityFacts facts, string type)
    {
        var isAudit = type == "AuditEvent";
        json.WriteStartObject();
        json.WriteString("type", type);
        if (facts.Profiles(type) is { Count: > 0 } profiles) Texts(json, "supportedProfile", [.. profiles]);
        if (type == BinaryContent.Type) json.WriteString("documentation", "Content of any media type goes in as it is, with `X-Security-Context`, and comes out as it is unless `Accept` asks for FHIR.");
        var own = facts.Table.All.Where(i => i.Level != Level.System && i.IsFor(type)).ToList();
        Codes(json, "interaction", [.. own.Where(i => !i.IsOperation).Select(i => i.Code).Distinct()]);
        json.WriteString("versioning", isAudit ? "no-version" : StoredTypes.Core.Contains(type) ? "versioned-update" : "versioned");
        json.WriteBoolean("readHistory", !isAudit);
        json.WriteBoolean("updateCreate", facts.HasClientIds && !isAudit);
        json.WriteBoolean("conditionalCreate", Table.Create.IsFor(type));
        json.WriteString("conditionalRead", isAudit || Catalogue.Holds(type) ? "not-supported" : "full-support");
        json.WriteBoolean("conditionalUpdate", WriteRows.ConditionalUpdate.IsFor(type));
        json.WriteString("conditionalDelete", !WriteRows.ConditionalDelete.IsFor(type) ? "not-supported" : facts.DeletesSeveral ? "multiple" : "single");
        Texts(json, "referencePolicy", "literal", "logical");
        var parameters = facts.Search(type);
        if (Inclusion.IsOn(type))
        {
            Texts(json, "searchInclude", ["*", $"{type}:*", .. parameters.Where(p => p.Type == SearchType.Reference).Select(p => $"{type}:{p.Code}")]);
            Texts(json, "searchRevInclude", [.. facts.Types.Where(Inclusion.IsOn).Select(facts.Search).SelectMany(of => Back(of, type))]);
        }
        if (parameters.Count > 0)
        {
            json.WriteStartArray("searchParam");
            foreach (var parameter in parameters)
            {
                json.WriteStartObject();
                json.WriteString("name", parameter.Code);
                json.WriteString("definition", parameter.Url);
                json.WriteString("type", parameter.Type.ToString().ToLowerInvariant());
                json.WriteString("documentation", Modifiers(type, parameter));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        Operations(json, own);
        json.WriteEndObject();
    }

    /// <summary>What refers to the type, and the sign for all of it.</summary>
    private static IEnumerable<string> Back(IReadOnlyList<SearchParameter> of, string type)
    {
        var referring = of.Where(p => p.Type == SearchType.Reference && p.Targets.Contains(type)).ToList();
        return referring.Count == 0 ? [] : [$"{referring[0].ResourceType}:*", .. referring.Select(p => $"{p.ResourceType}:{p.Code}")];
    }

    private static string Modifiers(string type, SearchParameter parameter)
    {
        var all = parameter.Code is "_id" or "_lastUpdated" ? []
            : type == "AuditEvent" ? AuditParameters.Modifiers(parameter) : SearchParameters.ModifiersOf(parameter);
        return all.Count == 0 ? "No modifiers" : $"Modifiers: {string.Join(", ", all)}";
    }

    private static void Operations(Utf8JsonWriter json, IEnumerable<Interaction> of)
    {
        json.WriteStartArray("operation");
        foreach (var operation in of.Where(i => i.Definition != null).DistinctBy(i => i.Definition))
        {
            json.WriteStartObject();
            json.WriteString("name", operation.Code);
            json.WriteString("definition", operation.Definition);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Texts(Utf8JsonWriter json, string name, params ReadOnlySpan<string> values)
    {
        if (values.IsEmpty) return;
        json.WriteStartArray(name);
        foreach (var value in values) json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static void Codes(Utf8JsonWriter json, string name, params ReadOnlySpan<string> codes)
    {
        json.WriteStartArray(name);
        foreach (var code in codes)
        {
            json.WriteStartObject();
            json.WriteString("code", code);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
