using System.Text;
using FhirCarePlan.Sharing.Writing;

namespace FhirCarePlan.Sharing.Tests.Writing;

/// <summary>Who does not see past every security label may not write over what bears one. The answer depends on caller and type alone.</summary>
public class ClearanceTests
{
    private static readonly DateTimeOffset now = new(2026, 6, 1, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("clearance: all", "create", null)]
    [InlineData("clearance: all", "update", null)]
    [InlineData("clearance: all", "delete", null)]
    [InlineData("clearance: { confidentiality: R }", "create", null)]
    [InlineData("clearance: { confidentiality: R }", "update", "G9")]
    [InlineData("clearance: { confidentiality: R }", "delete", "G9")]
    [InlineData("", "update", "G9")]
    public void Writing_over_something_needs_all_labels(string clearance, string action, string? gate)
    {
        var text = File.ReadAllText(Path.Combine(Repository.Sharing, "single-organisation.yaml")).Replace("        clearance: all\n        plain: Your", $"        {clearance}\n        plain: Your", StringComparison.Ordinal);
        var protocol = ProtocolFile.Read("one.yaml", Encoding.UTF8.GetBytes(text), null).Protocol!;
        var judge = new WriteJudge(new Broker(protocol, ProtocolBits.InOrder(protocol)), TimeZoneInfo.Utc);
        var caller = new Caller { Issuer = "dev", Client = "x", Subject = "x", Party = "organisation", Role = "clerk", Purpose = "care" };
        Assert.Equal(gate, judge.MayWrite(caller, action, "CarePlan", now)?.Gate);
    }
}
