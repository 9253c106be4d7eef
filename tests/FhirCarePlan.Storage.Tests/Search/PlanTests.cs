using FhirCarePlan.Fhir.Search;
using FhirCarePlan.Storage.Search;
using FhirCarePlan.Storage.Engine;
using FhirCarePlan.Storage.Sqlite;
using static FhirCarePlan.Storage.Tests.Given;

namespace FhirCarePlan.Storage.Tests.Search;

/// <summary>How SQLite answers the most common questions: by the index by value if one leads, by resource for everything else, never
/// through a whole table.</summary>
public class PlanTests
{
    private static readonly SearchParameter Subject = Parameter("CarePlan", "subject", SearchType.Reference);
    private static readonly SearchParameter Status = Parameter("CarePlan", "status", SearchType.Token);
    private static readonly SearchParameter When = Parameter("CarePlan", "date", SearchType.Date);
    private static readonly Criterion OfPatient = new(Subject, Modifier.None, [new QueryValue { System = "Patient", Value = "p" }]);
    private static readonly Criterion IsActive = new(Status, Modifier.None,
        [new QueryValue { Value = "active" }, new QueryValue { System = "s", Value = "draft" }]);
    private static readonly Criterion IsRecent = new(When, Modifier.None, [new QueryValue { Prefix = Prefix.Ge, Low = 5 }]);

    private static List<string> Plan(SqlText sql)
    {
        var folder = Directory.CreateTempSubdirectory("fcp-plan-").FullName;
        try
        {
            var file = Path.Combine(folder, "test.db");
            using var writer = SqliteConnection.OpenWriter(file);
            Migrations.Apply(writer, "Sqlite");
            using var reader = SqliteConnection.OpenReader(file);
            var steps = new List<string>();
            using var rows = reader.UseShape("EXPLAIN QUERY PLAN " + sql).BindAll(sql.Values);
            while (rows.Step()) steps.Add(rows.Text(3));
            return steps;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static readonly ViewBasis Everything = new(1, 1, true, true);
    private static readonly ViewSql View = new(Key(actors: ["PractitionerRole/x"]), 1, Everything, Everything);

    private static List<string> Plan(SearchQuery query, Criterion? leading) =>
        Plan(MatchSql.Matches(query, View, leading is null ? new Stretch(null, OrderPath.Of(query), From: From(query))
            : new Stretch(sql => CriterionSql.Leads(sql, leading), null)));

    private static object From(SearchQuery query) => OrderPath.Of(query)!.IsText ? "a" : 5L;

    private static void NoScans(List<string> plan) => Assert.DoesNotContain(plan, step =>
        step.StartsWith("SCAN") && !step.Contains("SCAN d") && !step.Contains("SCAN leads") && !step.Contains("SCAN g")
            && !step.Contains("(subquery"));

    [Fact]
    public void A_patients_plans_start_from_the_reference()
    {
        var plan = Plan(new SearchQuery("CarePlan") { Criteria = [OfPatient, IsActive, IsRecent] }, OfPatient);
        NoScans(plan);
        Assert.Contains(plan,
            step => step.Contains("x USING COVERING INDEX index_reference_by_value (id=? AND address=? AND param=? AND type=?)"));
        Assert.Contains(plan, step => step.Contains("r USING INTEGER PRIMARY KEY"));
        Assert.Contains(plan, step => step.StartsWith("SEARCH k USING") && step.Contains("person=?") && step.Contains("party=?"));
        Assert.Contains(plan, step => step.Contains("m USING PRIMARY KEY (slot=? AND is_own=? AND class=? AND kinds=?)"));
        Assert.Equal(3, plan.Count(step => step.StartsWith("SEARCH x USING") && step.Contains("resource=?")));
    }

    [Fact]
    public void Without_a_criterion_that_leads_the_type_is_gone_through_in_the_order_of_ids()
    {
        var plan = Plan(new SearchQuery("CarePlan") { Criteria = [IsActive, IsRecent] }, null);
        NoScans(plan);
        Assert.Contains(plan, step => step.Contains("r USING INDEX resource_by_id (type=? AND id>?"));
        Assert.Equal(2, plan.Count(step => step.Contains("x USING PRIMARY KEY (resource=? AND param=?")));
        Assert.DoesNotContain(plan, step => step.Contains("ORDER BY"));
    }

    [Fact]
    public void Dates_tokens_and_own_times_use_their_indexes()
    {
        Assert.Contains(Plan(new SearchQuery("CarePlan") { Criteria = [IsActive] }, IsActive),
            step => step.Contains("index_token_by_value (param=? AND code=? AND system=?)"));
        Assert.Contains(Plan(new SearchQuery("CarePlan") { Criteria = [IsRecent] }, IsRecent),
            step => step.Contains("index_date_by_end (param=? AND high>?"));
        var latest = Plan(MatchSql.Narrowness(sql => LastUpdatedSql.Leads(sql, "CarePlan", [new QueryValue { Prefix = Prefix.Ge, Low = 5 }]), 9));
        Assert.Contains(latest, step => step.Contains("c USING COVERING INDEX version_change_by_time (type=? AND last_updated>?)"));
    }

    [Theory]
    [InlineData("_lastUpdated", true, "c USING COVERING INDEX version_change_by_time (type=? AND last_updated<?)")]
    [InlineData("_lastUpdated", false, "c USING COVERING INDEX version_change_by_time (type=? AND last_updated>?)")]
    [InlineData("date", true, "x USING COVERING INDEX index_date_by_end (param=? AND high<?)")]
    [InlineData("date", false, "x USING COVERING INDEX index_date_by_value (param=? AND low>?)")]
    [InlineData("name", true, "x USING COVERING INDEX index_string_by_value (param=? AND normal<?)")]
    [InlineData("status", false, "x USING COVERING INDEX index_token_by_value (param=? AND code>?)")]
    [InlineData("url", false, "x USING COVERING INDEX index_uri_by_value (param=? AND uri>?)")]
    public void An_order_that_an_index_has_is_gone_along_and_not_sorted(string key, bool isDescending, string index)
    {
        var type = key switch { "date" => SearchType.Date, "name" => SearchType.String, "url" => SearchType.Uri, _ => SearchType.Token };
        var query = new SearchQuery("CarePlan")
        {
            Criteria = [IsActive],
            Sort = [key[0] == '_' ? new SortKey(null, isDescending, key) : new SortKey(Parameter("CarePlan", key, type), isDescending)]
        };
        var plan = Plan(query, null);
        NoScans(plan);
        Assert.Contains(plan, step => step.Contains(index));
        // Ties alone are sorted, by id.
        Assert.DoesNotContain(plan, step => step == "USE TEMP B-TREE FOR ORDER BY");
        Assert.Contains(Plan(OrderPath.Of(query)!.Bound(isDescending, From(query), true, 10)), step => step.Contains(index));
    }

    [Fact]
    public void A_small_view_is_gone_through_by_what_is_permitted_and_passes_nothing_else()
    {
        var plan = Plan(MatchSql.Matches(new SearchQuery("CarePlan") { Criteria = [IsActive] }, View,
            new Stretch(sql => SmallViewSql.Keys(sql, "CarePlan", View, [2]), null)));
        Assert.Equal(4,
            plan.Count(step => step.Contains("r USING COVERING INDEX resource_by_person (person=? AND type=? AND root_mask=?")));
        Assert.Equal(2,
            plan.Count(step =>
            step.Contains("r USING COVERING INDEX resource_by_person (person=? AND type=? AND root_mask=? AND holder=?)")));
        Assert.Contains(plan, step => step.Contains("r USING COVERING INDEX resource_by_root (type=? AND root_mask=? AND holder=?)"));
        Assert.Contains(plan, step => step.Contains("n USING PRIMARY KEY (is_own=?"));
        Assert.DoesNotContain(plan, step => step.Contains("index_token_by_value") || step.StartsWith("SCAN r", StringComparison.Ordinal)
            || step.StartsWith("SCAN k", StringComparison.Ordinal));
    }

    [Fact]
    public void The_persons_of_a_large_party_are_not_gone_through()
    {
        foreach (var sql in new[] { SmallViewSql.HasMorePersons(View, 200), SmallViewSql.Ties(View) })
        {
            var plan = Plan(sql);
            Assert.Contains(plan, step => step.Contains("k USING COVERING INDEX backing_of_party (party=?)"));
            Assert.Contains(plan, step => step.Contains("k USING COVERING INDEX backing_by_actor (party=? AND actor=?)"));
        }
    }

    private static readonly SearchParameter PlanOf = Parameter("Task", "based-on", SearchType.Reference);
    private static readonly SearchQuery Active = new("CarePlan") { Criteria = [IsActive] };

    /// <summary>`Patient?_has:CarePlan:subject:status=active`, and `Task?based-on:CarePlan.status=active`.</summary>
    public static TheoryData<string, bool> Steps => new() { { "Patient", true }, { "Task", false } };

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_chain_goes_from_each_candidate_to_what_it_leads_to(string type, bool isReverse)
    {
        var query = new SearchQuery(type) { Chains = [new Chain(isReverse ? Subject : PlanOf, isReverse, [Active])] };
        var view = View with { Led = new Dictionary<string, ViewSql> { ["CarePlan"] = View with { Slot = 1 } } };
        var plan = Plan(MatchSql.Matches(query, view, new Stretch(null, OrderPath.Of(query), From: "a")));
        Assert.DoesNotContain(plan, step => step.StartsWith("SCAN", StringComparison.Ordinal) && step is not ("SCAN o" or "SCAN CONSTANT ROW"));
        Assert.Contains(plan, step => step.Contains(isReverse ? "y USING COVERING INDEX index_reference_by_value (id=? AND address=? AND param=? AND type=?)"
            : "y USING PRIMARY KEY (resource=? AND param=?", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.Contains(isReverse ? "r USING INTEGER PRIMARY KEY" : "r USING INDEX resource_by_id (type=? AND id=?)", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Steps))]
    public void A_chain_to_something_rare_begins_there(string type, bool isReverse)
    {
        var chain = new Chain(isReverse ? Subject : PlanOf, isReverse, [Active]);
        var plan = Plan(MatchSql.Narrowness(Assert.Single(ChainSql.Leads(chain)), 200));
        NoScans([.. plan.Where(step => step is not ("SCAN l" or "SCAN few"))]);
        Assert.Contains(plan, step => step.Contains("x USING COVERING INDEX index_token_by_value (param=? AND code=?", StringComparison.Ordinal));
        Assert.Contains(plan, step => step.Contains(isReverse ? "y USING PRIMARY KEY (resource=? AND param=?" : "y USING COVERING INDEX index_reference_by_value (id=? AND address=? AND param=?", StringComparison.Ordinal));
        Assert.NotEmpty(type);
    }

    [Fact]
    public void Includes_go_from_the_page_outwards()
    {
        var included = Plan(IncludeSql.Included(new Include("CarePlan", Subject, "Patient"), View));
        NoScans(included);
        Assert.Contains(included, step => step.Contains("r USING INDEX resource_by_id (type=? AND id=?)"));
        foreach (var parameter in new[] { Subject, null })
        {
            var referring = Plan(IncludeSql.Referring(new Include("CarePlan", parameter, null), View));
            NoScans(referring);
            Assert.Contains(referring, step => step.Contains("x USING COVERING INDEX index_reference_by_value (id=? AND address=?"));
        }
    }
}
