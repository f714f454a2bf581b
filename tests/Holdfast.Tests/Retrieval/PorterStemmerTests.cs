using System.Text;
using Holdfast.Retrieval.Analysis;
using Microsoft.Data.Sqlite;

namespace Holdfast.Tests.Retrieval;

public sealed class PorterStemmerTests
{
    [Theory]
    [InlineData("caresses", "caress")]
    [InlineData("ponies", "poni")]
    [InlineData("agreed", "agre")]
    [InlineData("plastered", "plaster")]
    [InlineData("hopping", "hop")]
    [InlineData("filing", "file")]
    [InlineData("relational", "relat")]
    [InlineData("vietnamization", "vietnam")]
    [InlineData("adoption", "adopt")]
    [InlineData("controll", "control")]
    [InlineData("is", "is")]
    [InlineData("naïve", "naïve")]
    public void A_word_is_cut_to_its_stem(string word, string stem)
    {
        Assert.Equal(stem, Stem(word));
    }

    [Fact]
    public void The_stemmer_agrees_with_the_one_inside_sqlite_on_made_up_words()
    {
        string[] roots = ["run", "hop", "relat", "conflict", "gener", "trouble", "fil", "cry", "organ", "activ", "hope", "feed", "control", "sky", "form", "oscill", "radic", "adjust", "electr", "goodn"];
        string[] ends = ["", "s", "es", "ed", "ing", "eed", "ational", "tional", "izer", "iveness", "fulness", "ness", "ment", "ement", "ent", "ion", "sion", "tion", "ate", "ator", "alism", "iciti", "ical", "ful", "y", "ies", "ance", "ence", "able", "ible", "ous", "ive", "ize", "al", "er", "ll", "e", "bli", "logi", "ousli"];
        var words = roots.SelectMany(root => ends.Select(end => root + end))
            .Concat(MadeUp(seed: 7, count: 3_000)).Distinct().Order(StringComparer.Ordinal).ToArray();

        var expected = SqliteStems(words);

        var wrong = words.Where((word, index) => Stem(word) != expected[index]).Select(word => $"{word}: {Stem(word)}").ToArray();
        Assert.Empty(wrong);
    }

    private static IEnumerable<string> MadeUp(int seed, int count)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => new string(random.GetItems<char>("abeilnorstuyz", random.Next(3, 11))));
    }

    private static string Stem(string word)
    {
        var buffer = word.ToCharArray();
        return new string(buffer, 0, PorterStemmer.Stem(buffer));
    }

    private static string[] SqliteStems(string[] words)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        Run(connection, "CREATE VIRTUAL TABLE word USING fts5(text, tokenize='porter ascii'); CREATE VIRTUAL TABLE stem USING fts5vocab(word, instance);");
        var insert = new StringBuilder("INSERT INTO word(rowid, text) VALUES ");
        insert.AppendJoin(',', words.Select((word, index) => $"({index + 1},'{word}')"));
        Run(connection, insert.ToString());
        var stems = new string[words.Length];
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT doc, term FROM stem";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            stems[reader.GetInt32(0) - 1] = reader.GetString(1);
        }

        return stems;
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Made of letters a to z only, above.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
