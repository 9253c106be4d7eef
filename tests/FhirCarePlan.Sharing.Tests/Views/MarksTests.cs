using System.Text;
using FhirCarePlan.Fhir.Model;
using FhirCarePlan.Sharing.Labelling;
using FhirCarePlan.Sharing.Tests.Labelling;
using FhirCarePlan.Sharing.Views;

namespace FhirCarePlan.Sharing.Tests.Views;

public class MarksTests
{
    private const string Patient =
        """{"resourceType":"Patient","id":"p","meta":{"versionId":"7","lastUpdated":"2026-01-01T00:00:00.000Z","profile":["http://x/P"],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}],"tag":[{"code":"t"}]},"active":true,"telecom":[{"system":"phone","value":"0114"}],"address":[{"text":"a"}]}""";
    private const string Bare =
        """{"resourceType":"Patient","id":"p","meta":{"versionId":"7","lastUpdated":"2026-01-01T00:00:00.000Z","profile":["http://x/P"],"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"N"}],"tag":[{"code":"t"}]},"active":true}""";

    private static readonly MarksTable table = new(Protocols.Small, Protocols.Bits, Protocols.Labeller);

    [Fact]
    public void A_whole_view_is_the_stored_array_itself()
    {
        var (body, labels) = Store(Patient);
        Assert.Null(table.For("Patient", Protocols.Bits.All));
        Assert.Same(body, View.Write(body, labels, Protocols.Bits.All, null));
    }

    [Fact]
    public void A_partial_view_is_marked_whether_or_not_anything_was_cut()
    {
        var permitted = Protocols.Mask("demographics", "directory", "other") | Protocols.Bits.Labels;
        Assert.Equal(Write(Bare, permitted), Write(Patient, permitted));
        using var view = Bodies.Parse(Encoding.UTF8.GetBytes(Write(Patient, permitted)));
        var meta = view.Root["meta"];
        Assert.Equal(["N", "REDACTED"], meta.All("security").ToList().Select(c => c.TextOf("code")));
        Assert.Equal(["t", "SUBSETTED"], meta.All("tag").ToList().Select(c => c.TextOf("code")));
        var notice = meta["extension"];
        Assert.Equal(ViewMarks.WithheldUrl, notice.TextOf("url"));
        Assert.Equal(["category", "clause", "ask"], notice.All("extension").ToList().Select(e => e.TextOf("url")));
        Assert.Equal("contact", notice["extension"].TextOf("value"));
        Assert.True(meta["profile"].IsMissing);
        Assert.Equal("7", meta.TextOf("versionId"));
        Assert.Empty(R4Shape.Faults(view).Concat(R4Shape.BrokenRules(view)));
    }

    [Fact]
    public void Tags_are_for_who_may_see_what_nobody_claims() =>
        Assert.DoesNotContain("\"t\"", Write(Patient, Protocols.Mask("demographics", "directory") | Protocols.Bits.Labels));

    [Fact]
    public void The_callers_version_and_time_stand_in_place_of_the_stored_ones()
    {
        var (body, labels) = Store(Patient);
        var version = new ViewVersion("3", "2025-05-05T05:05:05.000Z");
        foreach (var permitted in (long[])[Protocols.Bits.All, Protocols.Mask("demographics")])
        {
            using var view = Bodies.Parse(View.Write(body, labels, permitted, table.For("Patient", permitted), version));
            Assert.Equal("3", view.Root["meta"].TextOf("versionId"));
            Assert.Equal("2025-05-05T05:05:05.000Z", view.Root["meta"].TextOf("lastUpdated"));
        }
    }

    [Theory]
    [InlineData("""{"resourceType":"Patient"}""")]
    [InlineData("""{"resourceType":"Patient","id":"p"}""")]
    [InlineData("""{"resourceType":"Patient","active":true}""")]
    [InlineData("""{"resourceType":"Patient","id":"p","implicitRules":"http://x"}""")]
    public void A_body_without_meta_is_given_one(string json)
    {
        using var view = Bodies.Parse(Encoding.UTF8.GetBytes(Write(json, Protocols.Mask("demographics"))));
        Assert.Equal("SUBSETTED", view.Root["meta"]["tag"].TextOf("code"));
    }

    [Fact]
    public void The_notice_is_made_once_for_a_mask_and_a_type() =>
        Assert.Same(table.For("Patient", Protocols.Mask("demographics")), table.For("Patient", Protocols.Mask("demographics")));

    [Fact]
    public void What_is_not_there_for_the_caller_is_never_written()
    {
        var (body, labels) = Store(Patient);
        Assert.Throws<InvalidOperationException>(() => View.Write(body, labels, Protocols.Mask("contact"), null));
    }

    private static string Write(string json, long permitted)
    {
        var (body, labels) = Store(json);
        return Encoding.UTF8.GetString(View.Write(body, labels, permitted, table.For("Patient", permitted)));
    }

    private static (byte[] Body, byte[] Labels) Store(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var document = Bodies.Parse(body);
        return (body, LabelBytes.Pack(document, Protocols.Labeller.Label(document), body));
    }
}
