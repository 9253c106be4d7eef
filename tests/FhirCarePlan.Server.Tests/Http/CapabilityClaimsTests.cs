using System.Text.Json.Nodes;
using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Http;

/// <summary>The capability statement claims what works, and what it does not claim is refused in words: each claim and each denial is asked
/// over HTTP, by the statement that the server itself gives.</summary>
public class CapabilityClaimsTests(SampleServer samples) : IClassFixture<SampleServer>
{
    private Task<HttpClient> Coordinator => samples.Process.As("care-coordinator");

    private async Task<JsonNode> Rest() => (await (await Coordinator).Get("metadata")).Json["rest"]![0]!;
    private async Task<List<JsonNode>> Resources() => [.. (await Rest())["resource"]!.AsArray().Select(r => r!)];

    private static string Type(JsonNode resource) => (string)resource["type"]!;
    private static IEnumerable<string> Texts(JsonNode resource, string name) => (resource[name]?.AsArray() ?? []).Select(t => (string)t!);
    private static IEnumerable<(string Name, string Kind, string[] Modifiers)> Parameters(JsonNode resource) => (resource["searchParam"]?.AsArray() ?? []).Select(p =>
        ((string)p!["name"]!, (string)p["type"]!, ((string)p["documentation"]!) is var said && said.StartsWith("Modifiers: ", StringComparison.Ordinal) ? said["Modifiers: ".Length..].Split(", ") : []));

    // ---- searches ----------------------------------------------------------------------------------------------------------

    [Fact]
    public async Task Every_search_parameter_is_answered_with_each_of_its_modifiers()
    {
        var (client, wrong) = (await Coordinator, new List<string>());
        foreach (var resource in await Resources())
            foreach (var (name, kind, modifiers) in Parameters(resource))
                foreach (var modifier in modifiers.Prepend(""))
                {
                    var url = $"{Type(resource)}?{name}{modifier.Replace("[type]", "Patient")}={Value(Type(resource), name, kind, modifier)}&_count=1";
                    var answer = await client.Get(url);
                    if ((int)answer.Status != 200 || (string?)answer.Json["type"] != "searchset") wrong.Add($"{url}: {(int)answer.Status}");
                }
        Assert.Equal([], wrong);
    }

    private static string Value(string type, string name, string kind, string modifier) => (kind, modifier) switch
    {
        (_, ":missing") => "true",
        (_, ":identifier") => "x",
        (_, ":in" or ":not-in") => "http://hl7.org/fhir/ValueSet/administrative-gender",
        ("token", ":above" or ":below") => "http://hl7.org/fhir/administrative-gender|male",
        (_, ":of-type") => "http://terminology.hl7.org/CodeSystem/v2-0203|MR|x",
        ("composite", _) => name switch { "relationship" => "DocumentReference/x$replaces", _ when name.EndsWith("quantity", StringComparison.Ordinal) => "x$1", _ when name.EndsWith("date", StringComparison.Ordinal) => "x$2020", _ => "x$x" },
        ("date", _) => "2020",
        ("number", _) => "1",
        ("quantity", _) => "1",
        ("uri", _) => "http://a.example/x",
        ("reference", "") => R4.SearchParameters.FirstOrDefault(p => p.Code == name && p.Bases.Contains(type)) is { Targets: [var target, ..] } ? $"{target}/x" : "Patient/x",
        _ => "x",
    };

    [Fact]
    public async Task Every_include_is_answered()
    {
        var (client, wrong) = (await Coordinator, new List<string>());
        foreach (var resource in await Resources())
            foreach (var (how, what) in Texts(resource, "searchInclude").Select(i => ("_include", i)).Concat(Texts(resource, "searchRevInclude").Select(i => ("_revinclude", i))))
            {
                var answer = await client.Get($"{Type(resource)}?{how}={what}&_count=1");
                if ((int)answer.Status != 200) wrong.Add($"{Type(resource)}?{how}={what}: {(int)answer.Status}");
            }
        Assert.Equal([], wrong);
    }

    [Theory]
    [InlineData("_content", "x")]
    [InlineData("_filter", "_id eq x")]
    [InlineData("_list", "x")]
    [InlineData("_text", "x")]
    public async Task Every_parameter_of_all_types_is_answered(string name, string value)
    {
        Assert.Contains(name, (await Rest())["searchParam"]!.AsArray().Select(p => (string)p!["name"]!));
        Assert.Equal(4, (await Rest())["searchParam"]!.AsArray().Count);
        foreach (var type in (string[])["Patient", "CarePlan", "Task"]) Assert.Equal(200, (int)(await (await Coordinator).Get($"{type}?{name}={Uri.EscapeDataString(value)}&_count=1")).Status);
    }

    [Fact]
    public async Task What_is_not_listed_for_a_search_is_refused_in_words()
    {
        var client = await Coordinator;
        var types = (await Resources()).Select(Type).ToHashSet();
        var common = (await Rest())["searchParam"]!.AsArray().Select(p => (string)p!["name"]!).ToList();
        foreach (var resource in await Resources())
        {
            var type = Type(resource);
            // What is listed for all types does not apply to those without includes.
            var listed = Parameters(resource).Select(p => p.Name).Concat(Texts(resource, "searchInclude").Any() ? common : []).ToHashSet();
            // All that R4 knows of the type and the statement does not list.
            foreach (var parameter in R4.SearchParameters.Where(p => p.Bases.Any(b => b == type || b is "Resource" or "DomainResource") && !listed.Contains(p.Code)
                && !p.Url.StartsWith("http://hl7.org/fhir/SearchParameter/example", StringComparison.Ordinal)).DistinctBy(p => p.Code))
                await Refused($"{type}?{parameter.Code}=x");
            await Refused($"{type}?no-such=x");
            await Refused($"{type}?_has:Media:subject:type=x", $"{type}?_has:Observation:value-quantity:code=x", $"{type}?_has:AuditEvent:entity:type=x", $"{type}?_has=x");
            foreach (var (name, kind, modifiers) in Parameters(resource).Take(6))
                foreach (var modifier in ((string[])[":missing", ":exact", ":contains", ":not", ":text", ":identifier", ":above", ":below", ":in", ":not-in", ":of-type", ":nonsense"]).Except(modifiers))
                    await Refused($"{type}?{name}{modifier}={Value(type, name, kind, modifier)}");
            foreach (var parameter in Parameters(resource).Where(p => p.Kind != "reference").Take(2)) await Refused($"{type}?_include={type}:{parameter.Name}");
            if (!Texts(resource, "searchInclude").Any()) await Refused($"{type}?_include=*", $"{type}?_include={type}:*", $"{type}?_revinclude=Provenance:target");
            await Refused($"{type}?_revinclude=AuditEvent:entity", $"{type}?_revinclude=Media:subject", $"{type}?_revinclude=StructureDefinition:*");
        }

        async Task Refused(params string[] urls)
        {
            foreach (var url in urls)
            {
                var answer = await client.Send("GET", url);
                Assert.True(answer.Status == 400, $"{url}: {answer.Status}");
                Assert.NotEmpty(answer.Said);
            }
        }
    }

    // ---- interactions ------------------------------------------------------------------------------------------------------

    private static readonly (string Code, string Method, string Tail)[] All =
    [
        ("read", "GET", "/x"), ("vread", "GET", "/x/_history/1"), ("update", "PUT", "/x"), ("patch", "PATCH", "/x"), ("delete", "DELETE", "/x"),
        ("history-instance", "GET", "/x/_history"), ("history-type", "GET", "/_history"), ("create", "POST", ""), ("search-type", "GET", ""),
    ];

    [Fact]
    public async Task Every_interaction_that_is_listed_is_there_and_no_other_is()
    {
        var client = await Coordinator;
        foreach (var resource in await Resources())
        {
            var listed = resource["interaction"]!.AsArray().Select(i => (string)i!["code"]!).ToHashSet();
            Assert.Equal([], listed.Except(All.Select(a => a.Code)));
            foreach (var (code, method, tail) in All)
            {
                var answer = await client.Send(method, Type(resource) + tail, method is "PUT" or "POST" or "PATCH" ? "{}"u8.ToArray() : null);
                var isThere = answer.Status is not 405 && (answer.Status != 404 || (string?)answer.Json["issue"]![0]!["code"] != "not-supported");
                Assert.True(isThere == listed.Contains(code), $"{method} {Type(resource)}{tail}: {answer.Status}, and the statement {(listed.Contains(code) ? "lists" : "does not list")} {code}");
                if (!isThere) Assert.NotEmpty(answer.Said);
                if (answer.Status == 405) Assert.DoesNotContain(method, (answer.Header("Allow") ?? "").Split(", "));
            }
        }
    }

    [Fact]
    public async Task A_life_of_one_resource_goes_through_all_that_its_type_lists()
    {
        var client = await Coordinator;
        var listed = (await Resources()).Single(r => Type(r) == "Goal")["interaction"]!.AsArray().Select(i => (string)i!["code"]!);
        Assert.Equal(["create", "delete", "history-instance", "history-type", "patch", "read", "search-type", "update", "vread"], listed.Order());
        var created = await client.Post("Goal", """{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"Draw"},"subject":{"reference":"Patient/robin"},"expressedBy":{"reference":"Patient/robin"}}""");
        Assert.Equal(201, (int)created.Status);
        var url = $"Goal/{created.Id}";
        Assert.Equal(200, (int)(await client.Get(url)).Status);
        Assert.Equal(1, (await client.Get($"Goal?_id={created.Id}")).Total);
        var changed = await client.Change(url, goal => goal["lifecycleStatus"] = "completed");
        Assert.Equal(200, (int)changed.Status);
        Assert.Equal(200, (int)(await client.Get($"{url}/_history/{created.ETag![3..^1]}")).Status);
        Assert.Equal(200, (await client.Send("PATCH", url, """[{"op":"add","path":"/note","value":[{"text":"Drawn"}]}]"""u8.ToArray(), "application/json-patch+json")).Status);
        Assert.Equal(3, (await client.Get($"{url}/_history")).Total);
        Assert.Equal(204, (int)(await client.Delete(url)).Status);
    }

    [Fact]
    public async Task The_system_answers_what_it_lists_and_nothing_else()
    {
        var (client, rest) = (await Coordinator, await Rest());
        Assert.Equal(["transaction", "batch", "search-system", "history-system"], rest["interaction"]!.AsArray().Select(i => (string)i!["code"]!));
        foreach (var type in (string[])["transaction", "batch"])
            Assert.Equal(200, (await client.Send("POST", "", System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"Bundle","type":"{{type}}"}"""))).Status);
        foreach (var url in (string[])["_history", "?_id=x", ""]) Assert.Equal(200, (await client.Send("GET", url)).Status);
        Assert.Equal(200, (await client.Send("POST", "_search", "_id=x"u8.ToArray(), "application/x-www-form-urlencoded")).Status);
        Assert.Equal(400, (await client.Send("GET", "?name=x")).Status);
        foreach (var (method, url) in new[] { ("PUT", ""), ("DELETE", ""), ("PATCH", ""), ("GET", "metadata/x"), ("GET", "$everything"), ("POST", "$nonsense") })
        {
            var answer = await client.Send(method, url, method is "PUT" or "POST" or "PATCH" ? "{}"u8.ToArray() : null);
            Assert.True(answer.Status is 404 or 405, $"{method} {url}: {answer.Status}");
            Assert.NotEmpty(answer.Said);
        }
    }

    [Fact]
    public async Task What_is_conditional_is_answered_where_it_is_listed_and_refused_where_it_is_not()
    {
        var client = await Coordinator;
        foreach (var resource in await Resources())
        {
            var type = Type(resource);
            var isAudit = type == "AuditEvent";
            Assert.Equal((!isAudit, !isAudit), ((bool)resource["conditionalCreate"]!, (bool)resource["conditionalUpdate"]!));
            Assert.Equal(type is "AuditEvent" or "Consent" ? "not-supported" : "single", (string)resource["conditionalDelete"]!);
            var body = System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}"}""");
            // Criteria that are not understood are 400, where the address answers it.
            Assert.Equal(isAudit ? 405 : 400, (await client.Send("PUT", $"{type}?nonsense=x", body)).Status is 403 ? 400 : (await client.Send("PUT", $"{type}?nonsense=x", body)).Status);
            Assert.Equal(isAudit ? 405 : 400, (await client.Send("POST", type, body, Wire.Fhir, "If-None-Exist: ")).Status is 403 ? 400 : (await client.Send("POST", type, body, Wire.Fhir, "If-None-Exist: ")).Status);
            Assert.Equal(type is "AuditEvent" or "Consent" ? 405 : 204, (await client.Send("DELETE", $"{type}?_id=never-was-one")).Status is 403 ? 204 : (await client.Send("DELETE", $"{type}?_id=never-was-one")).Status);
        }
        Assert.Equal("full-support", (string)(await Resources()).Single(r => Type(r) == "CarePlan")["conditionalRead"]!);
        var tag = (await client.Get("CarePlan/robin-plan")).ETag;
        Assert.Equal(304, (await client.Send("GET", "CarePlan/robin-plan", null, null, $"If-None-Match: {tag}")).Status);
        // An id of the caller's own, where the statement says that none can be chosen.
        Assert.False((bool)(await Resources()).Single(r => Type(r) == "Goal")["updateCreate"]!);
        var answer = await client.Send("PUT", "Goal/own-id", """{"resourceType":"Goal","id":"own-id","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/robin"}}"""u8.ToArray());
        Assert.Equal(404, answer.Status);
        Assert.Contains("POST it to its type", answer.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_patch_format_that_is_listed_is_read_and_no_other()
    {
        var client = await Coordinator;
        var listed = (await client.Get("metadata")).Json["patchFormat"]!.AsArray().Select(f => (string)f!).ToList();
        Assert.Equal(4, listed.Count);
        foreach (var format in listed) Assert.NotEqual(415, (await client.Send("PATCH", "Goal/robin-goal-draw", "x"u8.ToArray(), format)).Status);
        foreach (var other in (string[])["text/plain", "application/merge-patch+json", "application/json-patch+json; charset=utf-16"])
            Assert.Equal(415, (await client.Send("PATCH", "Goal/robin-goal-draw", "x"u8.ToArray(), other)).Status);
    }

    // ---- definitions, operations, formats ----------------------------------------------------------------------------------

    [Fact]
    public async Task Every_definition_that_is_named_can_be_read()
    {
        var client = await Coordinator;
        var named = new HashSet<(string Type, string Url)>();
        foreach (var resource in await Resources())
        {
            foreach (var profile in Texts(resource, "supportedProfile")) named.Add(("StructureDefinition", profile));
            foreach (var parameter in resource["searchParam"]?.AsArray() ?? []) named.Add(("SearchParameter", (string)parameter!["definition"]!));
            foreach (var operation in resource["operation"]!.AsArray()) named.Add(("OperationDefinition", (string)operation!["definition"]!));
        }
        foreach (var operation in (await Rest())["operation"]!.AsArray()) named.Add(("OperationDefinition", (string)operation!["definition"]!));
        Assert.True(named.Count > 200);
        Assert.Equal(21, named.Count(n => n.Type == "OperationDefinition"));
        foreach (var (type, url) in named)
        {
            var found = await client.Get($"{type}?url={Uri.EscapeDataString(url)}");
            Assert.True(found.Status == System.Net.HttpStatusCode.OK && found.Total == 1, $"{type} {url}");
            Assert.Equal(url, (string?)(await client.Get($"{type}/{found.Ids.Single()}")).Json["url"]);
        }
    }

    [Fact]
    public async Task Every_operation_that_is_listed_answers_and_says_its_own_code()
    {
        var (client, owner) = (await Coordinator, await samples.Process.As("ig-lead"));
        foreach (var resource in await Resources())
            foreach (var operation in resource["operation"]!.AsArray())
            {
                var (name, type) = ((string)operation!["name"]!, Type(resource));
                var answer = name == "validate"
                    ? await client.Send("POST", $"{type}/$validate", System.Text.Encoding.UTF8.GetBytes($$"""{"resourceType":"{{type}}"}"""))
                    : name == "match" ? await client.Send("POST", "Patient/$match", """{"resourceType":"Patient","name":[{"family":"Ashgrove","given":["Robin"]}]}"""u8.ToArray())
                    : name == "erase" ? await client.Send("POST", "Patient/robin/$erase", """{"resourceType":"Parameters"}"""u8.ToArray())
                    : name == "export" && type == "Patient" ? await client.Send("GET", "Patient/$export")
                    : await client.Send("GET", type is "ValueSet" or "CodeSystem" && name != "explain" ? $"{type}/${name}" : $"{type}/{(type == "Patient" ? "robin" : "never-was-one")}/${name}");
                Assert.True(answer.Status == 200 || (answer.Status == 400 && (string?)answer.Json["issue"]![0]!["code"] == "required") || (answer.Status == 404 && (string?)answer.Json["issue"]![0]!["code"] == "not-found"), $"{type} ${name}: {answer.Status}");
                var definition = await client.Get($"OperationDefinition?url={Uri.EscapeDataString((string)operation["definition"]!)}");
                Assert.Equal(name, (string?)definition.Entries[0]["resource"]!["code"]);
            }
        foreach (var operation in (await Rest())["operation"]!.AsArray())
            Assert.Equal(200, ((string)operation!["name"]! == "meta" ? await owner.Send("GET", "$meta") : await owner.Send("POST", $"${(string)operation["name"]!}", """{"resourceType":"Parameters"}"""u8.ToArray())).Status is var status && status is 200 or 400 ? 200 : status);
        // Only a Patient has disclosures, and nothing has what nobody lists.
        foreach (var url in (string[])["Goal/x/$disclosures", "Goal/x/$everything", "Goal/$match", "Goal/$export", "AuditEvent/x/$explain"])
            Assert.Equal(("not-supported", 404), ((string?)(await client.Send("GET", url)).Json["issue"]![0]!["code"], (await client.Send("GET", url)).Status));
    }

    [Fact]
    public async Task Every_format_that_is_listed_is_written_and_read_and_no_other_is()
    {
        var client = await Coordinator;
        foreach (var format in (await client.Get("metadata")).Json["format"]!.AsArray().Select(f => (string)f!))
        {
            var isXml = format.Contains("xml", StringComparison.Ordinal);
            var asked = await client.Send("GET", $"Patient/robin?_format={Uri.EscapeDataString(format)}");
            Assert.Equal((200, isXml ? '<' : '{'), (asked.Status, asked.Body[0]));
            if (!format.Contains('/')) continue;
            var accepted = await client.Send("GET", "Patient/robin", null, null, $"Accept: {format}");
            Assert.StartsWith(format, accepted.Header("Content-Type"), StringComparison.Ordinal);
            Assert.Equal(200, (await client.Send("POST", "Patient/$validate", System.Text.Encoding.UTF8.GetBytes(accepted.Body), format)).Status);
        }
        foreach (var other in (string[])["ttl", "text/turtle", "html", "application/fhir+json; fhirVersion=3.0"])
        {
            Assert.Equal(406, (await client.Send("GET", $"Patient/robin?_format={Uri.EscapeDataString(other)}")).Status);
            Assert.Equal(415, (await client.Send("POST", "Patient/$validate", "{}"u8.ToArray(), other.Contains('/') ? other : $"text/{other}")).Status);
        }
    }

    [Fact]
    public async Task A_type_that_is_not_listed_is_not_served()
    {
        var client = await Coordinator;
        var listed = (await Resources()).Select(Type).ToHashSet();
        foreach (var type in R4.ResourceTypes.Where(t => !listed.Contains(t)))
        {
            var answer = await client.Send("GET", type);
            Assert.Equal((404, "not-supported"), (answer.Status, (string?)answer.Json["issue"]![0]!["code"]));
            Assert.Contains("does not serve this type", answer.Said, StringComparison.Ordinal);
        }
    }
}
