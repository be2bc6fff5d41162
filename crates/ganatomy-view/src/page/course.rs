//! The front page of a course: its pages in reading order.

use maud::html;

use super::exhibit::both;
use super::html::document;
use crate::Words;

/// A course of several pages.
#[derive(Clone, Debug)]
pub struct Course {
    /// What it is about.
    pub title: Words,
    /// What the reader learns in it.
    pub question: Words,
    /// How it was made.
    pub made: Words,
    /// The command that makes it again.
    pub command: String,
    /// Its pages, in reading order.
    pub entries: Vec<CourseEntry>,
}

/// A page of a course.
#[derive(Clone, Debug)]
pub struct CourseEntry {
    /// The page's file, beside the course's.
    pub file: String,
    /// What it is about.
    pub title: Words,
    /// What it asks.
    pub question: Words,
    /// Claims that held, and claims in all.
    pub held: [usize; 2],
    /// The file of a picture of it, beside the course's.
    pub picture: Option<String>,
}

/// One HTML file with links to the pages and pictures beside it.
pub fn course(course: &Course) -> String {
    let badge = |[held, all]: [usize; 2]| {
        Words::of(format!("{held} of {all} checks passed"), format!("검사 {all}개 중 {held}개 통과"))
    };
    let body = html! {
        header { h1 { (both(&course.title)) } p.question { (both(&course.question)) } }
        main { ol.course {
            @for (i, entry) in course.entries.iter().enumerate() {
                li { a href=(entry.file) {
                    @if let Some(file) = &entry.picture { img src=(file) alt=""; }
                    h2 { (i + 1) ". " (both(&entry.title)) }
                    p { (both(&entry.question)) }
                    p.badge.passed[entry.held[0] == entry.held[1]].failed[entry.held[0] != entry.held[1]] {
                        (both(&badge(entry.held)))
                    }
                } }
            }
        } }
        footer {
            p { (both(&course.made)) }
            p { (both(&Words::new("Made by", "만든 명령"))) " " code { (course.command) } }
        }
    };
    document(&course.title, body, None).into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_course_links_to_its_pages() {
        let entry = CourseEntry {
            file: "02-saddle.html".to_owned(),
            title: Words::new("The saddle", "안장점"),
            question: Words::NONE,
            held: [3, 4],
            picture: Some("02-saddle/path.png".to_owned()),
        };
        let html = course(&Course {
            title: "Course".into(),
            question: Words::NONE,
            made: Words::NONE,
            command: String::new(),
            entries: vec![entry],
        });
        assert!(html.contains("href=\"02-saddle.html\""));
        assert!(html.contains("<img src=\"02-saddle/path.png\"") && !html.contains("data:image"), "{html}");
        assert!(html.contains("badge failed") && html.contains("3 of 4 checks passed"));
    }
}
