namespace FhirCarePlan.Sharing.Tests;

/// <summary>A mask says what the store's numbers say, whatever other names it ever gave bits to.</summary>
public class ProtocolBitsTests
{
    private static readonly Protocol protocol =
        Loading.ProtocolFileTests.Read(Loading.ProtocolFileTests.Small.Replace("categories:\n",
        "sensitivities: { HIV: { system: s, plain: HIV. } }\ncategories:\n  self-harm: { plain: Self-harm., within: risk, roots: { Flag: \"true\" } }\n")).Protocol!;

    [Fact]
    public void Every_category_and_label_has_a_bit_of_its_own()
    {
        var names = ProtocolBits.NamesOf(protocol);
        var bits = ProtocolBits.InOrder(protocol);
        Assert.Equal(["self-harm", "risk", "directory", "conformance", "consent", "audit", "other", "R", "V", "HIV", "unknown-label"],
            names);
        Assert.Equal(names.Count, names.Select(bits.Of).Distinct().Count());
        Assert.Equal(bits.All, bits.Of(names));
        Assert.Equal(0, bits.Categories & bits.Labels);
    }

    [Fact]
    public void The_numbers_come_from_the_store()
    {
        var numbers = ProtocolBits.NamesOf(protocol).Select((name, at) => (name, at)).ToDictionary(p => p.name, p => p.at * 3 + 5);
        numbers["of-an-older-protocol"] = 1;
        var bits = new ProtocolBits(protocol, numbers);
        Assert.Equal(1L << 5, bits.Of("self-harm"));
        Assert.Equal(0, bits.Of("of-an-older-protocol"));
        Assert.Equal(1L << (7 * 3 + 5), bits.R);
    }

    [Fact]
    public void A_bit_beyond_the_mask_is_refused() =>
        Assert.Throws<InvalidOperationException>(() =>
            new ProtocolBits(protocol, ProtocolBits.NamesOf(protocol).ToDictionary(n => n, _ => 62)));

    [Fact]
    public void What_is_split_from_a_category_goes_with_it()
    {
        var bits = ProtocolBits.InOrder(protocol);
        Assert.Equal(bits.Of(["risk", "self-harm"]), bits.WithParts(["risk"]));
        Assert.Equal(bits.Of("self-harm"), bits.WithParts(["self-harm"]));
    }
}
