using FhirCarePlan.Fhir.Search;

namespace FhirCarePlan.Fhir.Tests.Search;

public sealed class NormalTextTests
{
    [Theory]
    [InlineData("smith", "smith")]
    [InlineData("SMITH", "smith")]
    [InlineData("Müller", "muller")]
    [InlineData("Mu\u0308ller", "muller")]
    [InlineData("O'Brien", "obrien")]
    [InlineData("O’Brien", "obrien")]
    [InlineData("  Jean-Luc,  Picard\t", "jean luc picard")]
    [InlineData("Straße 7b", "strasse 7b")]
    [InlineData("Søren Æbelø", "soren aebelo")]
    [InlineData("Ǽ ẞ ΛΌΓΟΣ λόγος", "ae ss λογοσ λογοσ")]
    [InlineData("İstanbul", "istanbul")]
    [InlineData("Ａ１", "a1")]
    [InlineData("山田 太郎", "山田 太郎")]
    [InlineData("…!", "")]
    [InlineData("", "")]
    [InlineData("ΆΛΦΑ Ёлка Nguyễn Đặng", "αλφα елка nguyen dang")]
    [InlineData("care\u200Bplan", "careplan")]
    public void Folds(string written, string normal) => Assert.Equal(normal, NormalText.Of(written));

    [Fact]
    public void Keeps_half_a_character() => Assert.Equal("a\uD83Db", NormalText.Of("A\uD83Db"));

    [Fact]
    public void Folding_twice_changes_nothing()
    {
        for (var c = '\u0001'; c < '\uFFFF'; c++)
            if (NormalText.Of($"x{c}y") is var normal && normal != NormalText.Of(normal)) Assert.Fail($"U+{(int)c:X4}");
    }
}
