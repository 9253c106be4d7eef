using System.Net;
using FhirCarePlan.Server.Tests.Outside;
using FhirCarePlan.Server.Tests.Tour;

namespace FhirCarePlan.Server.Tests.Smart;

/// <summary>Scopes narrow what may be written, by type, person and content.</summary>
public sealed class ScopedWriteTests(ScopedServer fixture) : IClassFixture<ScopedServer>
{
    private readonly ServerProcess server = fixture.Server;

    private static string Observation(string person, string category = "survey", string? id = null) => $$"""
        {"resourceType":"Observation",{{(id is null ? "" : $"\"id\":\"{id}\",")}}"status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"{{category}}"}]}],
         "code":{"text":"How the week was"},"subject":{"reference":"Patient/{{person}}"},"effectiveDateTime":"2026-05-01T10:00:00Z","valueString":"calm"}
        """;

    private static void Refused(Heard heard)
    {
        Assert.True(heard.Status == HttpStatusCode.Forbidden, heard.Body);
        Assert.Equal(["scope"], heard.ErrorKeys);
        Assert.Contains("error=\"insufficient_scope\"", heard.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_write_needs_its_letter()
    {
        var whole = await server.As("care-coordinator");
        var made = await whole.Post("Observation", Observation("robin"));
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        var body = Observation("robin", id: made.Id);
        foreach (var scope in new[] { "user/Observation.rs", "user/Condition.cruds", "user/Patient.rs" })
            Refused(await (await server.With("care-coordinator", scope)).Post("Observation", Observation("robin")));
        foreach (var scope in new[] { "user/Observation.crds user/Patient.r", "user/Observation.crs user/Patient.r" })
            Refused(await (await server.With("care-coordinator", scope)).Put($"Observation/{made.Id}", body, made.ETag));
        Refused(await (await server.With("care-coordinator", "user/Observation.crus user/Patient.r")).Delete($"Observation/{made.Id}", made.ETag));
        var allowed = await (await server.With("care-coordinator", "user/Observation.u user/Patient.r")).Put($"Observation/{made.Id}", body, made.ETag);
        Assert.True(allowed.Status == HttpStatusCode.OK, allowed.Body);
        // They may change it, and not read it.
        Assert.Equal("", allowed.Body);
        Assert.Equal(HttpStatusCode.NoContent, (await (await server.With("care-coordinator", "user/Observation.d")).Delete($"Observation/{made.Id}", allowed.ETag)).Status);
    }

    [Fact]
    public async Task What_may_be_created_and_not_read_is_not_answered()
    {
        var scoped = await server.With("care-coordinator", "user/Observation.c user/Patient.r");
        var made = await scoped.Post("Observation", Observation("robin"));
        Assert.True((made.Status, made.Body) == (HttpStatusCode.Created, ""), made.Body);
        Assert.Equal(HttpStatusCode.OK, (await (await server.As("care-coordinator")).Get(made.Location!)).Status);
    }

    /// <summary>Whether the person exists and whether the scopes leave them out is the same.</summary>
    [Fact]
    public async Task Another_person_than_that_of_the_launch_context_is_not_there()
    {
        var scoped = await server.With("care-coordinator", "patient/*.cruds", patient: "robin");
        Assert.Equal(HttpStatusCode.Created, (await scoped.Post("Observation", Observation("robin"))).Status);
        var (other, absent) = (await scoped.Post("Observation", Observation("sky")), await scoped.Post("Observation", Observation("nobody")));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal(absent.Whole, other.Whole);
        Refused(await scoped.Post("Patient", Talk.SampleJson("partnership/Patient-sky.json").AsNew().ToJsonString()));
        foreach (var what in new[] { "Observation/nobody", "Condition/sky-bipolar" })
            Assert.Equal(HttpStatusCode.NotFound, (await scoped.Put(what, Talk.SampleJson("partnership/Condition-sky-bipolar.json").ToJsonString(), null) is var heard && what.StartsWith("Observation", StringComparison.Ordinal)
                ? (await scoped.Put(what, Observation("robin", id: "nobody"))).Status : heard.Status));
    }

    [Fact]
    public async Task A_restriction_holds_before_and_after_a_write()
    {
        var whole = await server.As("care-coordinator");
        var scoped = await server.With("care-coordinator", "user/Observation.cruds?category=survey user/Patient.r");
        Refused(await scoped.Post("Observation", Observation("robin", "exam")));
        var made = await scoped.Post("Observation", Observation("robin"));
        Assert.True(made.Status == HttpStatusCode.Created, made.Body);
        // Out of the scope by a write.
        Refused(await scoped.Put($"Observation/{made.Id}", Observation("robin", "exam", made.Id), made.ETag));
        // Into it.
        var outside = await whole.Post("Observation", Observation("robin", "exam"));
        var (hidden, absent) = (await scoped.Put($"Observation/{outside.Id}", Observation("robin", "survey", outside.Id), outside.ETag), await scoped.Put("Observation/nobody", Observation("robin", "survey", "nobody"), outside.ETag));
        Assert.Equal(absent.Whole, hidden.Whole);
        Assert.Equal((await scoped.Delete("Observation/nobody")).Whole, (await scoped.Delete($"Observation/{outside.Id}")).Whole);
        Assert.Equal(HttpStatusCode.OK, (await whole.Get($"Observation/{outside.Id}")).Status);
        // Once it was in the scope, then it was not: earlier versions are as hidden as this one.
        var moved = await whole.Put($"Observation/{made.Id}", Observation("robin", "exam", made.Id), made.ETag);
        Assert.Equal(HttpStatusCode.OK, moved.Status);
        foreach (var what in new[] { "", "/_history", $"/_history/{made.ETag!.Trim('W', '/', '"')}" })
            Assert.Equal((await scoped.Get($"Observation/nobody{(what.Contains("history/", StringComparison.Ordinal) ? "/_history/x" : what)}")).Whole, (await scoped.Get($"Observation/{made.Id}{what}")).Whole);
    }

    [Fact]
    public async Task In_a_bundle_too()
    {
        var scoped = await server.With("care-coordinator", "user/Observation.c user/Patient.r");
        var (good, bad) = (Wire.Json(Observation("robin")), Wire.Json("""{"resourceType":"Goal","lifecycleStatus":"active","description":{"text":"x"},"subject":{"reference":"Patient/robin"}}"""));
        var batch = (await scoped.Post("", Wire.Bundle("batch", Wire.Entry("POST", "Observation", good), Wire.Entry("POST", "Goal", bad)).ToJsonString())).Entries;
        Assert.Equal(["201", "403"], batch.Select(e => ((string)e["response"]!["status"]!)[..3]));
        Refused(await scoped.Post("", Wire.Bundle("transaction", Wire.Entry("POST", "Observation", good), Wire.Entry("POST", "Goal", bad)).ToJsonString()));
    }

    /// <summary>A rule that cannot see what a write might contradict must not let it pass.</summary>
    [Fact]
    public async Task The_rules_of_care_must_see_what_they_ask_about()
    {
        var whole = await server.As("care-coordinator");
        var plan = await whole.Get("CarePlan/robin-plan");
        Assert.Equal(HttpStatusCode.OK, plan.Status);
        var refused = await (await server.With("care-coordinator", "user/CarePlan.cruds user/Patient.rs")).Put("CarePlan/robin-plan", plan.Body, plan.ETag);
        Refused(refused);
        Assert.Contains("The rules of care must read", refused.Body, StringComparison.Ordinal);
        var allowed = await (await server.With("care-coordinator", "user/*.rs user/CarePlan.u")).Put("CarePlan/robin-plan", plan.Body, plan.ETag);
        Assert.True(allowed.Status == HttpStatusCode.OK, allowed.Body);
    }

    [Fact]
    public async Task A_refusal_by_scope_is_on_record_as_that()
    {
        var scoped = await server.With("gp", "user/Patient.rs");
        Assert.Equal(HttpStatusCode.NotFound, (await scoped.Get("Condition/sky-bipolar")).Status);
        var record = await (await server.As("ig-lead")).Get("AuditEvent?_count=50&_sort=-date");
        Assert.Contains("Condition/sky-bipolar", record.Body, StringComparison.Ordinal);
    }
}
