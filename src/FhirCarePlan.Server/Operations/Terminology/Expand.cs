using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using FhirCarePlan.Fhir.Definitions.Codes;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Server.Answers;
using FhirCarePlan.Server.Elsewhere;
using FhirCarePlan.Server.Requests;

namespace FhirCarePlan.Server.Operations.Terminology;

/// <summary>Lists the codes of a value set, all or a page. A set with codes that are not all known here is refused, since a part of it
/// would look like the whole. https://hl7.org/fhir/R4/valueset-operation-expand.html</summary>
public static class Expand
{
    private const int Most = 10_000, MostElsewhere = 1_000;

    private static readonly string[] Allowed =
        ["url", "valueSet", "valueSetVersion", "filter", "offset", "count", "activeOnly", "includeDesignations", "includeDefinition", "excludeNested", "excludeNotForUI", "excludePostCoordinated", "displayLanguage"];

    public static Answer Perform(Exchange asked)
    {
        if (OperationParameters.Read(asked, Allowed, out var refusal) is not { } parameters) return refusal!;
        var definitions = asked.Work.Engine.Definitions.All;
        var sent = parameters.Value("valueSet");
        var url = Known.Url(asked, parameters, "ValueSet");
        if (asked.Request.Id.Length > 0 && url == null) return Answer.NotHere;
        if (url == null == sent.IsMissing) return OperationParameters.Refuse(IssueType.Required, "Ask with one of `url` and `valueSet`");
        if (!sent.IsMissing && sent.Type.Name != "ValueSet") return OperationParameters.Refuse(IssueType.Invalid, "`valueSet` must be a ValueSet");
        if (parameters.Number("count") == -1 || parameters.Number("offset") == -1)
            return OperationParameters.Refuse(IssueType.Invalid, "`count` and `offset` must be numbers of 0 or more");
        var expansion = url != null ? Expansion.Of(Known.Plain(url), definitions) : Expansion.Of(sent, definitions);
        if (expansion is { Problem: null }) return Written(asked, parameters, url, sent, expansion.Codes);
        var refused = expansion?.Problem is { } problem ? Known.Undecided($"The value set cannot be expanded. {problem}") : Known.NotHere("ValueSet", url!);
        return Elsewhere(asked, parameters, url, refused);
    }

    /// <summary>The terminology server is sent the address of the value set. What a filter says stays here.</summary>
    private static Answer Elsewhere(Exchange asked, OperationParameters parameters, string? url, Answer refused)
    {
        if (asked.Work.Codes is not { } codes || url == null || !CodeQuestion.MayBeAddress(url)) return refused;
        var answer = codes.Ask(CodeQuestion.Expand(Known.Plain(url), MostElsewhere + 1));
        if (answer is { Heard: Heard.Nothing }) return Known.WithoutAnswer(refused);
        if (answer is not { Heard: Heard.Answered }) return refused;
        using var document = JsonParser.Parse(answer.Body, new Report(), ParseLimits.Own);
        List<ExpandedCode> heard = [];
        if (document != null) Add(document.Root["expansion"], heard);
        if (heard.Count > MostElsewhere)
            return TooCostly($"The terminology server has more than {MostElsewhere} codes in this value set; ask about one code with $validate-code");
        return Written(asked, parameters, url, Node.Missing, heard);

        static void Add(Node of, List<ExpandedCode> to)
        {
            foreach (var contains in of.All("contains"))
            {
                if (contains.TextOf("abstract") != "true" && contains.TextOf("system") is { } system && contains.TextOf("code") is { } code)
                    to.Add(new(system, code, contains.TextOf("display"), null));
                Add(contains, to);
            }
        }
    }

    private static Answer Written(Exchange asked, OperationParameters parameters, string? url, Node sent, IEnumerable<ExpandedCode> all)
    {
        var codes = all.Where(c => Meets(c, parameters)).ToList();
        return parameters.Number("count") == null && codes.Count > Most ? TooCostly($"The expansion has {codes.Count} codes; ask for less at a time with `count` and `offset`")
            : new Answer(AnswerKind.Ok) { Body = Write(asked, parameters, url, sent, codes) };
    }

    private static Answer TooCostly(string text) => Answer.Refuse(AnswerKind.Unprocessable, IssueType.TooCostly, text, key: "too-costly");

    /// <summary>Every word of the filter occurs in the display or in the code.</summary>
    private static bool Meets(ExpandedCode code, OperationParameters parameters)
    {
        if (parameters.IsTrue("activeOnly") && code.Concept is { IsInactive: true }) return false;
        foreach (var word in (parameters.Text("filter") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (!(code.Display ?? "").Contains(word, StringComparison.OrdinalIgnoreCase) && !code.Code.Contains(word, StringComparison.OrdinalIgnoreCase)) return false;
        return true;
    }

    private static byte[] Write(Exchange asked, OperationParameters parameters, string? url, Node sent, List<ExpandedCode> codes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteString("resourceType", "ValueSet");
            if ((url != null ? Known.Plain(url) : sent.TextOf("url")) is { } canonical) json.WriteString("url", canonical);
            json.WriteString("status", "active");
            json.WriteStartObject("expansion");
            json.WriteString("timestamp", asked.Work.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
            json.WriteNumber("total", codes.Count);
            var offset = parameters.Number("offset") ?? 0;
            if (parameters.Has("offset") || parameters.Has("count")) json.WriteNumber("offset", offset);
            WriteParameters(json, parameters);
            var page = codes.Skip(offset).Take(parameters.Number("count") ?? int.MaxValue).ToList();
            if (page.Count > 0)
            {
                json.WriteStartArray("contains");
                foreach (var code in page) WriteCode(json, code, parameters.IsTrue("includeDesignations"));
                json.WriteEndArray();
            }
            json.WriteEndObject();
            json.WriteEndObject();
        }
        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteParameters(Utf8JsonWriter json, OperationParameters parameters)
    {
        var given = new[] { "filter", "offset", "count", "activeOnly", "includeDesignations" }.Where(parameters.Has).ToList();
        if (given.Count == 0) return;
        json.WriteStartArray("parameter");
        foreach (var name in given)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            if (name is "offset" or "count") json.WriteNumber("valueInteger", parameters.Number(name)!.Value);
            else if (name == "filter") json.WriteString("valueString", parameters.Text(name));
            else json.WriteBoolean("valueBoolean", parameters.IsTrue(name));
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteCode(Utf8JsonWriter json, ExpandedCode code, bool withDesignations)
    {
        json.WriteStartObject();
        json.WriteString("system", code.System);
        if (code.Concept is { IsAbstract: true }) json.WriteBoolean("abstract", true);
        if (code.Concept is { IsInactive: true }) json.WriteBoolean("inactive", true);
        json.WriteString("code", code.Code);
        if (code.Display != null) json.WriteString("display", code.Display);
        if (withDesignations && code.Concept is { Source: { IsMissing: false } source } && !source["designation"].IsMissing)
        {
            json.WriteStartArray("designation");
            foreach (var designation in source.All("designation"))
            {
                json.WriteStartObject();
                if (designation.TextOf("language") is { } language) json.WriteString("language", language);
                json.WriteString("value", designation.TextOf("value"));
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }
}
