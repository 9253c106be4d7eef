using System.Text;

namespace FhirCarePlan.Sharing.Tests.Loading;

/// <summary>One reading of a broken file finds every fault, and no file is too broken to be read.</summary>
public class BrokenFilesTests
{
    [Fact]
    public void Faults_of_text_shape_names_and_law_are_all_found_at_once()
    {
        var text = ProtocolFileTests.Small.Replace("title: Small", "titel: Small").Replace("status: active", "status: alive")
            .Replace("to: [beech]", "to: [birch]").Replace("gdpr9: 9(2)(h), ", "").Replace("review: 2030-01-01", "review: 2100-01-01");
        var found = ProtocolFileTests.Read(text).Issues.Select(i => i.Check).ToHashSet();
        Assert.Superset(new HashSet<string> { "unknown-key", "missing-key", "bad-value", "unknown-party", "no-article-9",
            "review-after-end" }, found);
    }

    [Fact]
    public void Two_lines_that_are_not_yaml_are_both_named_and_so_is_what_is_wrong_elsewhere()
    {
        var text = ProtocolFileTests.Small.Replace("plain: A small agreement.", "plain: \"A small agreement.")
            .Replace("why: Registered.", "why: Registered: yes.")
            .Replace("status: active", "status: alive");
        var file = ProtocolFileTests.Read(text);
        Assert.Equal([5, 38], file.Issues.Where(i => i.Check == "yaml").Select(i => i.Line));
        Assert.Contains(file.Issues, i => i.Check == "bad-value" && i.Line == 6);
        // What a skipped line may have stated is not missed.
        Assert.DoesNotContain(file.Issues, i => i.Check == "missing-key");
        Assert.Null(file.Protocol);
    }

    [Fact]
    public void A_missing_name_is_one_fault_and_no_other()
    {
        var issues = ProtocolFileTests.Read(ProtocolFileTests.Small.Replace("  - id: beech-sees-risk\n    permit", "  - permit")).Issues;
        Assert.Equal(["missing-key"], issues.Where(i => i.IsError).Select(i => i.Check));
    }

    [Fact]
    public void Aliases_that_would_grow_without_bounds_and_parts_nested_without_end_are_refused()
    {
        var bomb = "a: &a [x, x]\n"
            + string.Concat(Enumerable.Range(0, 40)
            .Select(i => $"b{i}: &b{i} [*{(i == 0 ? "a" : $"b{i - 1}")}, *{(i == 0 ? "a" : $"b{i - 1}")}]\n"));
        Assert.Contains(ProtocolFileTests.Read(bomb).Issues, i => i.Check == "yaml-anchor");
        Assert.Contains(ProtocolFileTests.Read("a: " + new string('[', 100_000)).Issues, i => i.Check == "yaml");
    }

    [Fact]
    public void Thousands_of_damaged_files_are_read_to_the_end()
    {
        var random = new Random(7);
        var texts = new[] { ProtocolFileTests.Small, File.ReadAllText(Path.Combine(Repository.Sharing, "single-organisation.yaml")) };
        const string signs = "{}[]:,\"'&*#-|>%@!?\t \n";
        for (var i = 0; i < 4_000; i++)
        {
            var text = new StringBuilder(texts[i % 2]);
            for (var cuts = random.Next(1, 6); cuts > 0; cuts--)
            {
                var at = random.Next(text.Length - 8);
                if (random.Next(2) == 0) text.Insert(at, signs[random.Next(signs.Length)]);
                else text.Remove(at, random.Next(1, 8));
            }
            var file = ProtocolFile.Read("damaged.yaml", Encoding.UTF8.GetBytes(text.ToString()), null);
            Assert.True(file.Protocol is not null || file.Issues.Any(x => x.IsError));
        }
    }
}
